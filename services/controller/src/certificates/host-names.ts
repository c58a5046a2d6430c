import { isIP } from 'node:net';
import type { JsonGeneralName } from '@peculiar/x509';

/** Host names and addresses as alternative names (RFC 5280 §4.2.1.6): dNSName, or iPAddress where it is one. */
export function hostNames(hosts: readonly string[]): JsonGeneralName[] {
  return hosts.map(host =>
    isIP(host) === 0 ? { type: 'dns', value: host } : { type: 'ip', value: canonical(host) },
  );
}

/**
 * WHATWG URLs write every IPv6 address in one way: hexadecimal groups, no dotted tail. The library reads nothing else right:
 * of `::ffff:192.0.2.7` it makes another address.
 */
function canonical(address: string): string {
  return isIP(address) === 4 ? address : new URL(`http://[${address}]`).hostname.slice(1, -1);
}
