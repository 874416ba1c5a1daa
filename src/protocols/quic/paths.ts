/** How one end goes on over another path (RFC 9000 §9): a client by its own will, a server because the client’s packets come from elsewhere. */
import type { Ns } from '../../base/time';
import type { DatagramSender } from '../../model/datagram';
import type { EndpointId, KindId } from '../../model/ids';
import type { PduRow } from '../../model/pdu';
import { hexOf, type Hex, type QuicFrame } from '../../model/quic/frame';
import type { QuicPacket } from '../../model/quic/packet';
import type { Flow } from '../../model/stream';
import { randomBytes } from '../../model/tls/bytes';
import type { World } from '../../model/world';
import { ConnectionIds, type IdsOwner } from './connection-ids';
import type { QUIC_KINDS } from './kinds';
import type { QuicOptions } from './params';
import { newPath, PathValidation, type Path, type Validating } from './path';
import type { Recovery } from './recovery';

/** The connection, as far as its paths need it. */
export interface PathsOwner {
  readonly world: World;
  readonly endpoint: EndpointId;
  readonly flow: Flow;
  readonly side: 0 | 1;
  readonly options: QuicOptions;
  readonly recovery: Recovery;
  readonly kinds: Readonly<Record<keyof typeof QUIC_KINDS.kinds, KindId>>;
  /** How many ids the peer keeps; whether it lets this end go elsewhere. */
  readonly peerIdLimit: number;
  readonly peerAllowsMigration: boolean;
  say(frame: QuicFrame): void;
  sendOn(path: Path, frame: QuicFrame): boolean;
  /** A way back to whoever sent this packet. */
  wayTo(pdu: PduRow): DatagramSender;
  named(id: Hex): void;
  unnamed(id: Hex): void;
  /** No path is left. */
  noViablePath(): void;
}
/** §9.1. */
const PROBING: ReadonlySet<QuicFrame['type']> = new Set(['PADDING', 'PATH_CHALLENGE', 'PATH_RESPONSE', 'NEW_CONNECTION_ID']);
/** Ids that an end keeps of the other's (§18.2 active_connection_id_limit), as it says in its transport parameters. */
export const ID_LIMIT = 2;

export class Paths implements Validating, IdsOwner {
  active: Path;
  private readonly known: Path[] = [];
  private readonly ids: ConnectionIds;
  private readonly validation: PathValidation;
  private made = 0;

  constructor(private readonly c: PathsOwner, sender: DatagramSender, own: Hex, peer: Hex) {
    this.active = newPath(sender, peer, own, c.side === 0);
    this.known.push(this.active);
    this.ids = new ConnectionIds(this, own);
    this.validation = new PathValidation(this);
  }
  get world(): World {
    return this.c.world;
  }
  get endpoint(): EndpointId {
    return this.c.endpoint;
  }
  /** The handshake is over: the peer gets ids for other paths. */
  confirmed(): void {
    if (this.c.options.spareIds) this.ids.issue(this.c.peerIdLimit);
  }
  /** The path that a packet came on; a new one where a client's comes from elsewhere. */
  of(pdu: PduRow, calledBy: Hex): Path {
    const { c, active } = this;
    if (this.isOn(active, pdu)) return active;
    let path = this.known.find((p) => this.isOn(p, pdu));
    if (!path) {
      path = newPath(c.wayTo(pdu), active.peerId, calledBy, false, active.sender.flow.id === pdu.flow);
      this.known.push(path);
    }
    return path;
  }
  private isOn({ sender }: Path, pdu: PduRow): boolean {
    return sender.flow.id === pdu.flow && (this.c.side === 0 || sender.peerPort === pdu.srcPort);
  }
  /** A frame that concerns paths and ids; false when it is another. */
  frame(f: QuicFrame, path: Path): boolean {
    switch (f.type) {
      case 'PATH_CHALLENGE': this.c.sendOn(path, { type: 'PATH_RESPONSE', data: f.data }); return true;
      case 'PATH_RESPONSE': this.validation.response(f.data); return true;
      case 'NEW_CONNECTION_ID': this.ids.offered(f); return true;
      case 'RETIRE_CONNECTION_ID': this.ids.retired(f.sequence, this.c.peerIdLimit); return true;
      default: return false;
    }
  }
  /** A server has read the packet with the highest number so far: where it came from is where the client is (§9.3). */
  followed(path: Path, packet: QuicPacket): void {
    const { c, active } = this;
    if (path === active || c.side === 0 || packet.frames.every((f) => PROBING.has(f.type))) return;
    const rebound = packet.destination === active.calledBy;
    c.world.note(rebound ? c.kinds.peer_rebound : c.kinds.path_changed, c.endpoint, c.flow.id, rebound ? path.sender.peerPort : 0);
    // §9.5: a client that calls by another id is called by another
    if (!rebound && this.ids.hasSpare) path.peerId = this.ids.take()!;
    this.active = path;
    if (!path.validated) this.validation.begin(path);
    // §9.3.3: it may be an attacker who forwards; then the old path is the quicker one
    if (rebound && active.validated) this.validation.begin(active);
  }
  /** A client goes on from another address (§9.2); false when it must not. */
  migrate(open: () => DatagramSender): boolean {
    const { c, active } = this, { world, kinds } = c;
    const why = !c.recovery.confirmed ? 2 : !c.peerAllowsMigration ? 1 : active.peerId !== '' && !this.ids.hasSpare ? 0 : -1;
    if (why >= 0) {
      world.note(kinds.migration_refused, c.endpoint, c.flow.id, why);
      return false;
    }
    const path = newPath(open(), active.peerId === '' ? '' : this.ids.take()!, active.calledBy, true);
    world.note(kinds.path_changed, c.endpoint, c.flow.id, 1);
    active.sender.close();
    this.known.push(path);
    this.active = path;
    c.recovery.changePath();
    // something that is not a probe, so that the server follows
    c.say({ type: 'PING' });
    return true;
  }

  // --- validation --------------------------------------------------------------------------------------

  challengeData(): Hex {
    return hexOf(randomBytes(`${this.c.world.plan.seed} ${this.c.flow.name} ${this.c.side} challenge ${this.made++}`, 8));
  }
  sendOn(path: Path, frame: QuicFrame): boolean {
    const { c } = this;
    c.world.note(c.kinds.path_challenged, c.endpoint, c.flow.id, path.validation!.tries);
    return c.sendOn(path, frame);
  }
  get validationTime(): Ns {
    const { recovery, options } = this.c;
    return Math.max(recovery.rtt.pto + recovery.peerAckDelay, 3 * options.initialRtt);
  }
  pathValid(path: Path): void {
    const { c } = this;
    if (path.validated) return;
    path.validated = true;
    c.world.note(c.kinds.path_validated, c.endpoint, c.flow.id);
    // §9.4: unless nothing but the port is another
    if (path === this.active && !path.samePlace) c.recovery.changePath();
  }
  pathFailed(path: Path): void {
    const { c } = this;
    c.world.note(c.kinds.path_failed, c.endpoint, c.flow.id);
    this.known.splice(this.known.indexOf(path), 1);
    if (path !== this.active) return;
    // §9.3.2: back to the last that was known to be true
    const before = this.known.filter((p) => p.validated).pop();
    if (before) this.active = before;
    else c.noViablePath();
  }
  stop(): void {
    this.validation.stop();
  }

  // --- ids ---------------------------------------------------------------------------------------------

  newId(sequence: number): { readonly id: Hex; readonly token: Hex } {
    const { world, flow, side, options } = this.c;
    const of = (what: string, bytes: number): Hex => hexOf(randomBytes(`${world.plan.seed} ${flow.name} ${side} ${what} ${sequence}`, bytes));
    return { id: of('id', options.connectionIdBytes), token: of('reset', 16) };
  }
  say(frame: QuicFrame): void {
    this.c.say(frame);
  }
  named(id: Hex): void {
    this.c.named(id);
  }
  unnamed(id: Hex): void {
    this.c.unnamed(id);
  }
}
