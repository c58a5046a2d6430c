import { assert } from '@kittiwake/base';

/** How many connections there may be: all together, and from one address (0: any number). */
export type ConnectionQuotaLimits = {
  readonly connectionsMax: number;
  readonly connectionsPerAddressMax: number;
};

/** Why there is no room. */
export type QuotaVerdict = 'admitted' | 'gateway_full' | 'address_full';

/** Counts open connections (rule L4). Every `admitted` is paired with one `release` of the same address. */
export class ConnectionQuota {
  readonly #limits: ConnectionQuotaLimits;
  readonly #perAddress = new Map<string, number>();
  #total = 0;

  constructor(limits: ConnectionQuotaLimits) {
    this.#limits = limits;
  }

  /** What `admit` would answer, without counting. */
  verdict(address: string): QuotaVerdict {
    if (this.#total >= this.#limits.connectionsMax) return 'gateway_full';
    const perAddressMax = this.#limits.connectionsPerAddressMax;
    if (perAddressMax > 0 && (this.#perAddress.get(addressKey(address)) ?? 0) >= perAddressMax)
      return 'address_full';
    return 'admitted';
  }

  /** Counts a connection, where there is room for it. */
  admit(address: string): QuotaVerdict {
    const verdict = this.verdict(address);
    if (verdict !== 'admitted') return verdict;
    const key = addressKey(address);
    this.#perAddress.set(key, (this.#perAddress.get(key) ?? 0) + 1);
    this.#total += 1;
    return verdict;
  }

  release(address: string): void {
    const key = addressKey(address);
    const count = this.#perAddress.get(key) ?? 0;
    assert(count > 0, 'a connection is released once, and only where it was admitted');
    if (count === 1) this.#perAddress.delete(key);
    else this.#perAddress.set(key, count - 1);
    this.#total -= 1;
  }

  /** Open connections. */
  get total(): number {
    return this.#total;
  }
}

/**
 * What counts as one address: an IPv4 address (also where IPv6 wraps it), or the /64 of an IPv6 address, because one
 * customer has a whole /64 to choose from (RFC 6177).
 */
export function addressKey(address: string): string {
  const text = address.replace(/%.*$/, '').toLowerCase();
  const wrapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (wrapped?.[1] !== undefined) return wrapped[1];
  if (!text.includes(':')) return text;
  const [head = '', tail] = text.split('::', 2);
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right].slice(0, 4);
  return `${groups.map(group => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
}
