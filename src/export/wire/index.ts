/** The true bytes of any packet of a trace and their dissection: the one import of exporters and of the message view (lazily). */
export { dissect, packetBytes } from './dissect';
export { wireOf, type Wire } from './wire';
