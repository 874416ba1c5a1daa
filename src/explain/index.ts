/** Words: the one import of views and programs. All sentences stand in the catalogue; functions here choose among them. */
export { en, type Catalogue } from './catalogue';
export { captionAt, eventCaption, lossText, speakingRequest, type Caption, type CaptionSelection } from './caption';
export {
  describeEvent, describeMessage, describePdu, describeState, describeTimer, errorPage, faultWords, hostWords, packetLabel, packetSpoken, packetsSpoken, packetTitle, type ErrorPage,
} from './describe';
export { paramWords } from './param-words';
export { besideRequest, windowThatOpened } from './beside';
export { whyChain, type ChainRow } from './why-chain';
export { noticeRows, whyRequest, type NoticeRow, type WhyRow } from './why';
export { hostNow, progressAt, summaryAt, transcript, transcriptEvents, transcriptRow, transcriptText, type TranscriptRow } from './text';
export { summaryWords } from './summary-words';
export { pathOf } from './facts';
export * from './format';
