/** The server view's face: the component, and its facts and numbers for tests and others. */
export { default as ServerView } from './ServerView.svelte';
export { accountOf, busyHosts, holdingAt, interior, taskOf, waitingAt, type Account, type Bay, type Hold, type ServerSelection, type Stay } from './interior';
export { hostWindow, layoutServer, type ServerPicture, type ServerSize } from './layout';
