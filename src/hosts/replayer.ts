/**
 * An attacker on the path: copies what a client sends with its hello and sends the copy on a connection of its own. It holds no key, so it reads
 * nothing, and it cannot finish the handshake. Law: only bytes that passed the tapped link are sent again. RFC 8446 §8, §E.5.
 */
import type { EndpointId, FlowId, HostId } from '../model/ids';
import { IP_TCP, type PduRow } from '../model/pdu';
import type { Flow, Message, StreamHandler, StreamSocket } from '../model/stream';
import type { HostKind, HostRuntime, ResourceHandler, World } from '../model/world';
import type { RecordBody } from '../protocols/tls/record';
import { REPLAY_KINDS } from './kinds';
import { hostDefault } from './params';
import { NetStack } from './stack';

class Replayer implements HostRuntime, ResourceHandler {
  private readonly stack: NetStack;
  private readonly endpoint: EndpointId;
  private readonly kinds;
  private readonly copied = new Set<FlowId>();
  private readonly waiting: Flow[] = [];

  constructor(private readonly world: World, private readonly host: HostId) {
    const { name } = world.hostOf(host);
    this.stack = new NetStack(world, host);
    this.kinds = world.kinds(REPLAY_KINDS);
    this.endpoint = world.endpoint(host, 'security', 'replay', name);
  }
  start(): void {
    const { world } = this;
    const link = world.linkNamed(String(world.hostOf(this.host).params.tap ?? ''));
    if (link >= 0) world.tap(link, (pdu) => this.overhear(pdu));
  }
  receive(pdu: PduRow): void {
    this.stack.receive(pdu);
  }
  stopped(): void {
    this.stack.stopped();
  }
  /** A client's hello with all of its early data is past: keeps a copy. */
  private overhear(pdu: PduRow): void {
    const { world } = this;
    if (pdu.protocol !== IP_TCP || pdu.direction !== 0 || pdu.from === this.host || this.copied.has(pdu.flow)) return;
    const flow = world.flowOf(pdu.flow), passed = pdu.streamStart + pdu.payload;
    const flight = firstFlight(flow);
    if (flight.length === 0 || flight[flight.length - 1]!.end > passed) return;
    this.copied.add(pdu.flow);
    world.note(this.kinds.flight_copied, this.endpoint, flow.id, flight.reduce((sum, m) => sum + m.bytes, 0));
    world.think(Number(world.hostOf(this.host).params.replayAfter ?? hostDefault('replayAfter')), 'wait', this.endpoint, this, this.waiting.push(flow) - 1);
  }
  resourceDone(tag: number): void {
    const { world } = this, original = this.waiting[tag]!;
    if (!world.linked(this.host, original.responder)) return world.unmodelled(`no link joins ${world.hostOf(this.host).name} and ${world.hostOf(original.responder).name}`);
    const handler: StreamHandler = { connected: () => this.send(socket, original), received() {}, ended: () => socket.close(), failed() {} };
    const socket: StreamSocket = this.stack.tcp.connect(original.responder, original.responderPort, handler);
  }
  /** The same bytes. What is inside the records stays inside: the attacker carries it and cannot look. */
  private send(socket: StreamSocket, original: Flow): void {
    const { world } = this, flight = firstFlight(original);
    const sealed = (original.session as { tls?: Flow } | null)?.tls;
    const inside = world.flow('tls', socket.flow.initiator, socket.flow.responder, socket.flow.initiatorPort, socket.flow.responderPort, socket.flow.id);
    socket.flow.session = { tls: inside };
    const plain = flight.reduce((sum, m) => sum + (m.body as RecordBody).plain, 0);
    for (const m of sealed?.content[0]!.messages ?? []) if (m.end <= plain) inside.content[0]!.append(this.copyOf(m, inside, { ...(m.body as object), request: -1 }));
    world.note(this.kinds.flight_replayed, this.endpoint, socket.flow.id, flight.reduce((sum, m) => sum + m.bytes, 0));
    socket.write(flight.map((m) => this.copyOf(m, socket.flow, m.body)));
  }
  private copyOf(m: Message, flow: Flow, body: unknown): Message {
    return this.world.message({ layer: m.layer, protocol: m.protocol, name: m.name, bytes: m.bytes, flow: flow.id, direction: 0, fields: m.fields, body });
  }
}

/** The hello and what was sent with it, when it announces early data and all records of it are written. */
function firstFlight(flow: Flow): readonly Message[] {
  const { messages } = flow.content[0]!;
  const hello = messages[0]?.protocol === 'tls' ? (messages[0].body as RecordBody).hello : null;
  if (!hello?.resume?.early) return [];
  const last = messages.reduce((found, m, i) => ((m.body as RecordBody).early && (m.body as RecordBody).type === 'application_data' ? i : found), -1);
  return last < 0 ? [] : messages.slice(0, last + 1);
}

export const replayer: HostKind = { id: 'replayer', create: (world, host) => new Replayer(world, host) };
