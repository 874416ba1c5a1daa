/** The store as a rune: components read `app.now`; nothing inside it is made reactive. */
import { store, type AppState } from './store';

let current = $state.raw<AppState>(store.getState());
store.subscribe((next) => {
  current = next;
});
export const app = {
  get now(): AppState {
    return current;
  },
};
