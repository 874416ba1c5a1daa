/**
 * What one acknowledgement says about the segments that are out (Linux tcp_sacktag_write_queue, tcp_clean_rtx_queue): marks them
 * on the scoreboard, tells RACK, and sums up. Law: no decision is taken here.
 */
import type { SendBlock } from './send-block';
import type { Segment } from './segment';

export interface AckFacts {
  /** SND.UNA moved; segments that left the queue. */
  advanced: boolean;
  acked: number;
  /** A SACK block brought news; the first block reports what came twice (RFC 2883). */
  dataSacked: boolean;
  dsack: boolean;
  /** Something never retransmitted and sent before the state began was delivered: a time-out was false (RFC 5682). */
  origAcked: boolean;
  /** A duplicate in RFC 5681's sense. */
  dupack: boolean;
  /** RTT samples (ns, -1 = none): of the first segment acknowledged, the first SACKed, and the last of either, for congestion control. */
  seqRtt: number;
  sackRtt: number;
  caRtt: number;
  /** Lowest sequence number that was delivered after higher ones, never retransmitted; Infinity = none. */
  reordFrom: number;
}

/** Is the first SACK block a report of duplicate data (RFC 2883 §4)? */
export function isDsack(ack: number, sack: readonly number[] | null): boolean {
  if (!sack || sack.length < 2) return false;
  return sack[1]! <= ack || (sack.length >= 4 && sack[0]! >= sack[2]! && sack[1]! <= sack[3]!);
}

/** SACK blocks above the acknowledged number that report data received out of order: something before them is missing (RFC 6675 §2). */
export function newsBlocks(ack: number, sack: readonly number[] | null): number {
  let blocks = 0;
  for (let k = isDsack(ack, sack) ? 2 : 0; sack && k < sack.length; k += 2) if (sack[k]! > ack) blocks++;
  return blocks;
}

export function takeAcknowledgement(b: SendBlock, s: Segment, now: number): AckFacts {
  const { board, rack } = b;
  const facts: AckFacts = {
    advanced: s.ack > b.sndUna, acked: 0, dataSacked: false, dsack: isDsack(s.ack, s.sack), origAcked: false, dupack: false, seqRtt: -1, sackRtt: -1, caRtt: -1,
    reordFrom: Infinity,
  };
  const highestBefore = board.sackedOut > 0 ? board.highestSacked : 0;
  let firstSackt = -1, lastSackt = -1, firstAckt = -1, lastAckt = -1, retransAcked = false;
  const { sack } = s;
  if (facts.dsack) takeDsack(b, sack![0]!, sack![1]!);
  let newest = -1, priorDelivered = 0;
  for (let k = facts.dsack ? 2 : 0; sack && k < sack.length; k += 2) {
    const from = sack[k]!, to = sack[k + 1]!;
    for (let i = 0; i < board.queue.length; i++) {
      const sent = board.queue.at(i);
      if (sent.start >= to) break;
      if (sent.sacked || sent.start < from || sent.end > to) continue;
      facts.dataSacked = true;
      if (sent.transmissions === 1 && !sent.retransOut) {
        if (sent.start < board.highestSacked) facts.reordFrom = Math.min(facts.reordFrom, sent.start);
        if (sent.end <= b.highSeq) facts.origAcked = true;
        if (firstSackt < 0) firstSackt = sent.sentAt;
        lastSackt = sent.sentAt;
      }
      board.markSacked(sent);
      rack.delivered(sent, now, b.rtt.minRtt);
      if (sent.order > newest) [newest, priorDelivered] = [sent.order, sent.deliveredBefore];
    }
  }
  while (board.queue.length > 0 && board.queue.at(0).end <= s.ack) {
    const sent = board.queue.at(0);
    if (sent.transmissions > 1) retransAcked = true;
    else if (!sent.sacked) {
      lastAckt = sent.sentAt;
      if (firstAckt < 0) firstAckt = lastAckt;
      if (sent.start < highestBefore) facts.reordFrom = Math.min(facts.reordFrom, sent.start);
      if (sent.end <= b.highSeq) facts.origAcked = true;
    }
    if (!sent.sacked) {
      // an echo older than the retransmission acknowledges the original (tcp_skb_spurious_retrans)
      if (sent.transmissions === 1 || !b.timestampsOk || s.tsecr < 0 || s.tsecr >= sent.sentAt) rack.delivered(sent, now, b.rtt.minRtt);
      if (sent.order > newest) [newest, priorDelivered] = [sent.order, sent.deliveredBefore];
    }
    board.removeHead(b.sackOk);
    facts.acked++;
  }
  if (facts.advanced) {
    b.sndUna = s.ack;
    b.retransmits = 0;
    if (!b.sackOk) board.removeRenoSacks(facts.acked);
  }
  if (firstAckt >= 0 && !retransAcked) {
    facts.seqRtt = now - firstAckt;
    facts.caRtt = now - lastAckt;
  }
  if (firstSackt >= 0) {
    facts.sackRtt = now - firstSackt;
    facts.caRtt = now - lastSackt;
  }
  rack.adaptWindow(priorDelivered, board.delivered);
  return facts;
}

/** Data came twice (tcp_check_dsack, tcp_dsack_seen): so many retransmissions were needless. */
function takeDsack(b: SendBlock, from: number, to: number): void {
  const segments = Math.max(1, Math.ceil((to - from) / b.mss));
  if (b.undoMarker > 0 && b.undoRetrans > 0 && to > b.undoMarker) b.undoRetrans = Math.max(0, b.undoRetrans - segments);
  const ofProbe = b.tlpHighSeq > 0 && b.tlpHighSeq === to;
  if (b.board.reordSeen && !ofProbe) b.rack.dsackSeen = true;
}
