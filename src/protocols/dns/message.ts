/** A DNS message as a `Message` of the trace, with the fields that the inspector shows. */
import type { Message } from '../../model/stream';
import type { World } from '../../model/world';
import type { DnsMessage } from './codec';

/** What an answer amounts to, for the trace: its RCODE when that is not NOERROR, `referral`, or the number of records in its answer section. */
export function outcomeOf(dns: DnsMessage): string {
  if (dns.rcode !== 'NOERROR') return dns.rcode;
  const referral = dns.answers.length === 0 && !dns.authoritative && dns.authority.some((r) => r.type === 'NS');
  return referral ? 'referral' : String(dns.answers.length);
}

export function dnsMessage(world: World, dns: DnsMessage, flow: number, direction: 0 | 1, bytes: number): Message {
  const records = (list: DnsMessage['answers']): string => (list.length === 0 ? 'none' : list.map((r) => `${r.name} ${r.type} ${r.data} (${r.ttl} s)`).join('; '));
  return world.message({
    layer: 'names', protocol: 'dns', name: `${dns.response ? 'answer' : 'query'} ${dns.question.type}`, bytes, flow, direction,
    fields: [
      { name: 'ID', value: dns.id, spec: 'RFC 1035 §4.1.1' },
      { name: 'QR', value: dns.response ? 'response' : 'query', spec: 'RFC 1035 §4.1.1' },
      { name: 'AA', value: dns.authoritative ? 1 : 0, spec: 'RFC 1035 §4.1.1' },
      { name: 'RCODE', value: dns.rcode, spec: 'RFC 1035 §4.1.1' },
      { name: 'Question', value: `${dns.question.name} ${dns.question.type}`, spec: 'RFC 1035 §4.1.2' },
      { name: 'Answer', value: records(dns.answers), spec: dns.question.type === 'HTTPS' ? 'RFC 9460 §2' : 'RFC 1035 §4.1.3' },
      { name: 'Authority', value: records(dns.authority), spec: 'RFC 1035 §4.1.3' },
      { name: 'Additional', value: records(dns.additional), spec: 'RFC 1035 §4.1.3' },
    ],
    body: dns,
  });
}
