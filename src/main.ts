/** The full page: reads the address, opens its scenario, mounts the app and keeps the address true. */
import { mount } from 'svelte';
import './ui/tokens.css';
import App from './app/App.svelte';
import { player } from './app/player';
import { store } from './app/store';
import { openAddress, openEdited, openId, watchAddress, writeAddress } from './app/session';

const target = document.getElementById('app')!;
target.textContent = '';
mount(App, { target, props: { open: (id: string) => void openId(id), share: async () => writeAddress(), apply: openEdited } });
const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
void openAddress(location.hash).then((address) => {
  watchAddress();
  if (address.t === null && !calm && store.getState().runs.length > 0) player.play();
});
