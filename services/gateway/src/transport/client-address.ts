import { BlockList, isIP, isIPv6 } from 'node:net';

/** Finds out whose connection it is. */
export type ClientAddress = (socketAddress: string, forwardedFor: string | undefined) => string;

/**
 * The client's address behind proxies: the right-most of `X-Forwarded-For` that no trusted proxy has, and the socket's
 * own where the socket is no trusted proxy, because then anybody could have written the header (rule T7).
 * `trusted` are addresses or CIDRs; entries that are neither trust nobody.
 */
export function createClientAddress(trusted: readonly string[]): ClientAddress {
  const proxies = new BlockList();
  for (const entry of trusted) addEntry(proxies, entry);
  const isProxy = (address: string): boolean => proxies.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  return (socketAddress, forwardedFor) => {
    const own = unwrapped(socketAddress);
    if (trusted.length === 0 || forwardedFor === undefined || isIP(own) === 0 || !isProxy(own)) return own;
    let client = own;
    for (const hop of forwardedFor.split(',').reverse()) {
      const address = unwrapped(hop.trim());
      if (isIP(address) === 0) return client;
      client = address;
      if (!isProxy(address)) return client;
    }
    return client;
  };
}

function addEntry(proxies: BlockList, entry: string): void {
  const [address = '', bits] = entry.split('/', 2);
  const family = isIP(address);
  if (family === 0) return;
  const type = family === 6 ? 'ipv6' : 'ipv4';
  const prefix = bits === undefined ? (family === 6 ? 128 : 32) : Number(bits);
  if (Number.isInteger(prefix) && prefix >= 0 && prefix <= (family === 6 ? 128 : 32)) {
    proxies.addSubnet(address, prefix, type);
  }
}

function unwrapped(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}
