/** The embed: one run in a frame, without storage, without history entries, never playing by itself. */
import { mount } from 'svelte';
import './ui/tokens.css';
import Embed from './app/Embed.svelte';
import { connectToHost } from './app/messages';
import { openAddress, watchAddress } from './app/session';
import { store } from './app/store';
import { addressOf } from './app/url';

const target = document.getElementById('app')!;
const full = (): string => new URL(`index.html${addressOf(store.getState())}`, location.href).href;
void openAddress(location.hash).then((address) => {
  target.textContent = '';
  mount(Embed, { target, props: { hide: address.hide, full } });
  connectToHost(window);
  // the address keeps the place: a clicker's start key reloads the page
  watchAddress();
});
