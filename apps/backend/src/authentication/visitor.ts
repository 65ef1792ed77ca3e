/** Who knocks, as the hub or an instance reports it with each call. */
export interface Visitor {
  /** Network address. */
  address: string;
  /** The browser's own description of itself. */
  userAgent: string | null;
  /** The device cookie (`device.ts`), unverified. */
  device: string | null;
  /** The digest of the session token that the browser still holds, if any: a new sign-in ends it. */
  session: string | null;
}

const IPV6_GROUPS = 8;
const NETWORK_GROUPS = 4;

/**
 * The network that an address belongs to: one household has a whole /64 of IPv6 addresses, written in many ways
 * (RFC 4291, 2.2).
 */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  const [head = '', tail] = address.toLowerCase().split('::', 2);
  const groupsOf = (text: string) => (text === '' ? [] : text.split(':'));
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  const zeros = tail === undefined ? 0 : Math.max(0, IPV6_GROUPS - before.length - after.length);
  return [...before, ...new Array<string>(zeros).fill('0'), ...after]
    .slice(0, NETWORK_GROUPS)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
