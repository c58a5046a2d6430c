import { isIP } from 'node:net';
import { implicit, sequence } from './der.ts';

/** GeneralNames of host names and addresses (RFC 5280 §4.2.1.6): dNSName is [2], iPAddress is [7] with 4 or 16 bytes. */
export function subjectAlternativeNames(hosts: readonly string[]): Buffer {
  return sequence(
    ...hosts.map(host =>
      isIP(host) === 0 ? implicit(2, Buffer.from(host, 'latin1')) : implicit(7, addressBytes(host)),
    ),
  );
}

/** The bytes of an IPv4 or IPv6 address in network order. */
export function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  // WHATWG URLs write every IPv6 address in one way: hexadecimal groups, the longest run of zeros as "::", no dotted tail.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const before = groups(head);
  const after = groups(tail ?? '');
  const zeros = Array<number>(8 - before.length - after.length).fill(0);
  return Buffer.from([...before, ...zeros, ...after].flatMap(group => [group >> 8, group & 0xff]));
}

function groups(text: string): readonly number[] {
  return text === '' ? [] : text.split(':').map(group => Number.parseInt(group, 16));
}
