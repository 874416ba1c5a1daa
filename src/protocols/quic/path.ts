/** Paths to the peer (RFC 9000 §8.2, §9): which are known, which is in use, and whether the peer is really there. */
import type { Ns } from '../../base/time';
import type { DatagramSender } from '../../model/datagram';
import type { EndpointId, TimerId } from '../../model/ids';
import type { Hex, QuicFrame } from '../../model/quic/frame';
import type { World } from '../../model/world';

/** §8.2.4: a path is given up after three times the probe timeout. */
const TRIES = 3;

export interface Path {
  readonly sender: DatagramSender;
  /** By which id the peer is called on it, and by which it calls this end. */
  peerId: Hex;
  calledBy: Hex;
  /** A server: the client is known to be there. */
  validated: boolean;
  received: number;
  sent: number;
  /** It differs from the one before in the port alone (§9.4). */
  readonly samePlace: boolean;
  validation: { data: Hex; tries: number; small: boolean; readonly timer: TimerId } | null;
}
export const newPath = (sender: DatagramSender, peerId: Hex, calledBy: Hex, validated: boolean, samePlace = false): Path => ({ sender, peerId, calledBy, validated, received: 0, sent: 0, samePlace, validation: null });

/** What validation needs of its connection. */
export interface Validating {
  readonly world: World;
  readonly endpoint: EndpointId;
  /** Eight bytes that nobody can guess. */
  challengeData(): Hex;
  /** Sends one packet with this frame on a path, as large as an Initial where that is allowed; false where it had to be smaller. */
  sendOn(path: Path, frame: QuicFrame): boolean;
  /** How long an answer may take: the greater of the probe timeouts now and of a new path. */
  readonly validationTime: Ns;
  pathValid(path: Path): void;
  pathFailed(path: Path): void;
}

export class PathValidation {
  private readonly underWay: Path[] = [];
  constructor(private readonly c: Validating) {}

  begin(path: Path): void {
    if (path.validation) return;
    const timer = this.c.world.timer(this.c.endpoint, 'pathValidation', { timerFired: () => this.again(path) });
    path.validation = { data: '', tries: 0, small: false, timer };
    this.underWay.push(path);
    this.challenge(path);
  }
  private challenge(path: Path): void {
    const { c } = this, validation = path.validation!;
    validation.data = c.challengeData();
    validation.tries++;
    validation.small = !c.sendOn(path, { type: 'PATH_CHALLENGE', data: validation.data });
    c.world.arm(validation.timer, c.world.now + c.validationTime);
  }
  private again(path: Path): void {
    if (path.validation!.tries < TRIES) return this.challenge(path);
    this.end(path);
    this.c.pathFailed(path);
  }
  private end(path: Path): { readonly small: boolean } {
    const { small, timer } = path.validation!;
    this.c.world.cancel(timer);
    path.validation = null;
    this.underWay.splice(this.underWay.indexOf(path), 1);
    return { small };
  }
  /** A PATH_RESPONSE, on whatever path it came (§8.2.3). */
  response(data: Hex): void {
    const path = this.underWay.find((p) => p.validation!.data === data);
    if (!path) return;
    const { small } = this.end(path);
    this.c.pathValid(path);
    // §8.2.1: that datagrams of the least size pass is still to be seen
    if (small) this.begin(path);
  }
  stop(): void {
    for (const path of [...this.underWay]) this.end(path);
  }
}
