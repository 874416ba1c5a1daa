/** The index view's face: the component, and its facts and numbers for tests and others. */
export { default as IndexView } from './IndexView.svelte';
export { distinctPages, levelsOf, scannedInstead, statementAt, stepState, sumsAt, walkOf, type LevelRow, type Step, type Sums, type Walk } from './walk';
export { gridOf, gridRoom, layoutWalk, ordinal, panelsOf, scaleFor, squaresPath, type Grid, type PageScale, type WalkPicture } from './layout';
