/** Queries on traces: the one import of views, words and exporters. Start with `indexTrace(trace)`, once per run. */
export {
  indexTrace, hostOfEvent, flowOfEvent, bottomFlow, type Arming, type Job, type Span, type StateSpan, type TimerSpan, type TraceIndex,
} from './trace-index';
export {
  eventsUntil, fateTime, inFlightAt, positionOf, queuedAt, requestsAt, resourceBusyAt, stateAt, timersAt, linksInUse, type InFlight, type RequestAt, type ResourceAt, type TimerAt,
} from './at';
export { beginning } from '../model/stream';
export { carriedBy, layerOf, messagesOf, partOf, type Carried } from './carried';
export { flightOf, flights, type Flight } from './flights';
export {
  chapterAt, chapters, hostsOfRequest, moments, nextMoment, nextStep, owners, previousMoment, previousStep, stepsOf, type Chapter, type Cursor, type Moment,
  type MomentFilter, type MomentType,
} from './steps';
export {
  attribution, causes, criticalPath, holderBefore, ledger, pathTo, roundTrips, type AttributionPart, type Holder, type LedgerLine, type LedgerRow, type Part, type PathEdge,
} from './causes';
export { whoNotices, type LossStory, type Notice, type Repair } from './who-notices';
export { prefixHash, traceHash } from './hash';
export { differences, firstDifference, firstDifferentPacket, measures, type Differing, type Measures, type Parting, type StepParting } from './diff';
export { countsOf, phasesOf, summarise, type Counts, type RequestSummary, type RunSummary, type Summary, type SummaryMeta } from './summary';
export { spans, type RequestSpan } from './request-spans';
export { bordersBetween, fromLens, hostsIn, lensOf, sharedWindow, timeWindows, toLens, windowAt, type Lens, type Nearness, type TimeWindow } from './lens';
export { alignBySteps, alignedTime, type Alignment } from './align';
export { packetsAround, type CutBox, type Packetization } from './packetization';
export { sharedConnections, type Answer, type AnswerPart, type SharedConnection } from './streams';
export { beganAt, CROWD, firstScreenAt, outcomeOf, outcomesOf, pageOf, percentile, type Outcome } from './outcome';
export { sendingOf, sendings, valueAt, type MarkName, type PhaseName, type SenderMark, type SenderPhase, type Sending, type Step } from './congestion';
