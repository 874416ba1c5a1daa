/**
 * What a host or protocol endpoint may ask of the simulation: the closed list of effects of
 * `design/architecture.md` (transmit, deliver, note, arm, cancel, use). Implemented by `engine`. Nobody else
 * knows the time.
 *
 * Causes: while an input is handled `world.cause` is the trace event that is being handled (a PDU's arrival, a
 * timer that fired, a resource's `done`). Everything noted, sent or armed meanwhile has it as its cause.
 */
import type { Ns } from '../base/time';
import type { Chart } from './chart';
import type { ClaimId, EndpointId, EventId, FlowId, HostId, KindId, Layer, LinkId, MessageId, ResourceId, TimerId } from './ids';
import type { KindSet } from './kinds';
import type { Fate, Pdu, PduRow } from './pdu';
import type { Plan, PlanHost } from './plan';
import type { QueryRow } from './query';
import type { RequestRow } from './request';
import type { Flow, Message } from './stream';

export interface TimerHandler {
  /** The timer `id` fired now; `world.cause` is its `timer.fired` event. */
  timerFired(id: TimerId): void;
}
export interface ResourceHandler {
  /** The work asked for with `tag` is done; `world.cause` is its `resource.done` event. */
  resourceDone(tag: number): void;
}
export interface BatchHandler {
  /** All that arrives at this instant has been handled (the end of a NAPI poll). */
  batchEnded(): void;
}

export interface World {
  readonly plan: Plan;
  readonly now: Ns;
  cause: EventId;

  /** Kind numbers of a set, in this run. Call once per endpoint and keep the result. */
  kinds<K extends string>(set: KindSet<K>): Readonly<Record<K, KindId>>;
  /** Records that something happened; its cause is `world.cause`. Returns its id; does not change `cause`. */
  note(kind: KindId, where: EndpointId, subject?: number, a?: number, b?: number): EventId;
  /** Adds further causes to an event. */
  join(event: EventId, causes: readonly EventId[]): void;
  /** Number of a short text, for columns a and b. */
  text(text: string): number;

  /** Registers one end of a protocol on a host. `chart` is the machine it runs, if any. */
  endpoint(host: HostId, layer: Layer, protocol: string, title: string, flow?: FlowId, chart?: Chart | null): EndpointId;
  /** The endpoint's machine moved between leaf states (indices of its chart): recorded as `state.entered`. `from` -1 = it began. */
  entered(endpoint: EndpointId, from: number, to: number): void;
  /** The endpoint's machine did not handle an input: recorded as `state.input_ignored`. */
  ignored(endpoint: EndpointId, state: number, event: number): void;

  /** Creates a timer, not armed. */
  timer(endpoint: EndpointId, name: string, handler: TimerHandler): TimerId;
  /** Arms or re-arms it for the absolute time `at` (not before now). Recorded unless it was armed for the same time already. */
  arm(timer: TimerId, at: Ns): void;
  /** Does nothing when it is not armed. */
  cancel(timer: TimerId): void;
  /** Deadline, or -1 when not armed. */
  deadline(timer: TimerId): Ns;

  /** The CPU of a host (its cores serve first come, first served). */
  cpu(host: HostId): ResourceId;
  /** Asks a resource for `amount` ns of service; answered by `handler.resourceDone(tag)`, never before this call returns. */
  use(resource: ResourceId, amount: Ns, what: string, endpoint: EndpointId, handler: ResourceHandler, tag?: number): void;
  /** Makes a resource of a host beside its CPU: a disk, workers, a pool of connections. `queueMax` -1 lets any number wait. */
  resource(host: HostId, name: string, servers: number, queueMax?: number, edge?: 'cpu' | 'disk'): ResourceId;
  /**
   * Asks for one place of a resource, to hold until `release`. Answered by `handler.resourceDone(tag)` once it has it, never before this
   * call returns. The claim, or -1 when all places are taken and the queue is full (nothing more is heard then).
   */
  acquire(resource: ResourceId, what: string, endpoint: EndpointId, handler: ResourceHandler, tag?: number): ClaimId;
  /** Gives the place back, or gives up waiting for it. Does nothing the second time. */
  release(claim: ClaimId): void;
  /**
   * So many places there are from now on (never more than it was made with): a pool has none before its first connection is open. Who waits gets what is
   * free; `direct` is the claim for which the new place was made, whose grant has `world.cause` as its cause.
   */
  resize(resource: ResourceId, servers: number, direct?: ClaimId): void;
  /** How many hold a place and how many wait, now. */
  load(resource: ResourceId): { readonly busy: number; readonly waiting: number };

  /** Waits without using anything (a fixed think or service time), recorded as a `service` edge; answered like `use`. */
  think(amount: Ns, what: string, endpoint: EndpointId, handler: ResourceHandler, tag?: number): void;

  /** Opens a flow. Ports are chosen by the caller (`ephemeralPort`). */
  flow(protocol: string, initiator: HostId, responder: HostId, initiatorPort: number, responderPort: number, below?: FlowId): Flow;
  flowOf(id: FlowId): Flow;
  /** Next ephemeral port of a host (32768 …, in order, the same in every run). */
  ephemeralPort(host: HostId): number;

  /** Makes a message (its range is set when it is appended to a stream). */
  message(m: Omit<Message, 'id' | 'start' | 'end' | 'writtenEvent' | 'parent'> & { parent?: MessageId }): Message;

  /** Puts a packet on the link to `pdu.to`. `sent` is the event that says so (kind of the protocol); returns its row. */
  transmit(pdu: Pdu, sent: EventId): PduRow;
  /** Id that the next `transmit` will give, so that the sent event can name its subject. */
  readonly nextPdu: number;
  /** Calls `handler.batchEnded()` once, after everything already scheduled for this instant. */
  afterBatch(handler: BatchHandler): void;

  /** Hears every packet that a link delivers, without touching it (an attacker or a probe on the path). */
  tap(link: LinkId, heard: (pdu: PduRow) => void): void;
  /** Link ids by plan name; -1 if there is none. */
  linkNamed(name: string): LinkId;
  /** Host ids by plan name; -1 if there is none. */
  hostNamed(name: string): HostId;
  /** Host that has this address; -1 if none. */
  hostAt(address: string): HostId;
  hostOf(id: HostId): PlanHost;
  /** True while no HostFault stops or silences it. */
  hostRuns(id: HostId): boolean;
  /** True when a link joins the two: packets cross one link, routing over several is not modelled. */
  linked(a: HostId, b: HostId): boolean;
  /** Largest IP packet towards `to`. */
  mtu(from: HostId, to: HostId): number;

  /** A statement that a database begins; the caller fills the row in as it goes and sets `endEvent`. */
  query(q: Pick<QueryRow, 'host' | 'endpoint' | 'message' | 'sql'>, startEvent: EventId): QueryRow;

  /** Requests of clients, for spans, HAR and attribution. */
  /** `main`: the run is about this one; without any it is about the first. */
  request(r: Pick<RequestRow, 'url' | 'method' | 'host' | 'endpoint' | 'resource' | 'initiator'> & { readonly main?: boolean }, startEvent: EventId): RequestRow;
  /** Opens a phase (closing the one that is open), or closes the open one with `null`. */
  phase(request: RequestRow, phase: RequestRow['phases'][number]['phase'] | null, event: EventId): void;
  /** Ends a request at `event`. */
  finish(request: RequestRow, event: EventId): void;
  readonly requests: readonly RequestRow[];

  /** A uniform draw in [0,1) keyed by what it decides. */
  draw(purpose: string, k0?: number, k1?: number, k2?: number): number;
  /** Stops the run: it met a case that the model does not cover. `what` is a sentence. */
  unmodelled(what: string): void;
}

/** A host's behaviour. Made by the host registry from its plan entry. */
export interface HostRuntime {
  /** A PDU for this host arrived; `world.cause` is `link.pdu_delivered`. */
  receive(pdu: PduRow): void;
  /** The run begins: servers listen, clients act. Called in the order of the plan. */
  start(): void;
  /** It stands on the way of a link (`PlanLink.via`): what becomes of this packet, which is there now; in flight: it passes. It may change what a router or a NAT changes. */
  passes?(pdu: PduRow): Fate;
  /** Another of its networks is in use from now on, because the one before is gone or is there again; `world.cause` says so. */
  networkChanged?(): void;
  /** A packet that may not pass has come here and was dropped; `world.cause` says so. */
  dropped?(pdu: PduRow): void;
  /** A HostFault `stop` took effect: all state is lost. */
  stopped?(): void;
}
export interface HostKind {
  readonly id: string;
  readonly create: (world: World, host: HostId) => HostRuntime;
}
