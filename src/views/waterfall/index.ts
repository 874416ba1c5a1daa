/** The waterfall's face: the component, and its facts and numbers for tests and others. */
export { default as WaterfallView } from './WaterfallView.svelte';
export { connectionsOf, type Connection } from './connections';
export { sumsOf, type Sort, type Sums, type View } from './facts';
export { pagePath, type PagePath, type Stretch, type Thread } from './page-path';
