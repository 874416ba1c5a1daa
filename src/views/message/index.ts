/** The face of the message view: what is in a packet, layer by layer and byte by byte. */
export { default as MessageView } from './MessageView.svelte';
export { arrange, itemOf, rangeOf, WIRE, type Arrangement, type ByteRange } from './frames';
