import { CONTENT_LABEL } from '@preau/contract/contentOrigin';

/** Which part of the house a Host header asks for. */
export type Destination =
  | { kind: 'hub' | 'backend' | 'sandbox' | 'status'; host: string }
  | { kind: 'www'; host: string }
  /** A platform's untrusted content, which the backend serves on an origin of its own. */
  | { kind: 'content'; host: string }
  | { kind: 'platform'; host: string }
  /** A well-formed name that is not ours: 421. */
  | { kind: 'foreign'; host: string }
  /** Not a host name at all: 400. */
  | { kind: 'malformed' };

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const MAX_NAME_LENGTH = 253;

/**
 * The host name of a Host header: lower case, without port and trailing dot; undefined where it breaks the label
 * rules of RFC 1123. An address in brackets (IPv6) is returned as it is.
 */
export function hostName(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const parts = /^(\[[0-9a-fA-F:.]{2,45}\]|[^:[\]]{1,254})(?::(\d{1,5}))?$/.exec(header);
  if (parts?.[1] === undefined || (parts[2] !== undefined && Number(parts[2]) > 65_535)) return undefined;
  const name = parts[1].toLowerCase();
  if (name.startsWith('[')) return name;
  const bare = name.endsWith('.') ? name.slice(0, -1) : name;
  if (bare.length > MAX_NAME_LENGTH || !bare.split('.').every((label) => LABEL.test(label))) return undefined;
  return bare;
}

/** @param isRouted whether an operator has put a route for that host (a verified custom domain, for instance). */
export function destination(
  header: string | undefined,
  domain: string,
  isRouted: (host: string) => boolean,
): Destination {
  const host = hostName(header);
  if (host === undefined) return { kind: 'malformed' };
  if (host === domain) return { kind: 'hub', host };
  if (host === `api.${domain}`) return { kind: 'backend', host };
  if (host === `pay.${domain}`) return { kind: 'sandbox', host };
  if (host === `status.${domain}`) return { kind: 'status', host };
  if (host === `www.${domain}`) return { kind: 'www', host };
  const label = host.endsWith(`.${domain}`) ? host.slice(0, -domain.length - 1) : undefined;
  if (label?.startsWith(CONTENT_LABEL)) return { kind: LABEL.test(label) ? 'content' : 'foreign', host };
  if (isRouted(host)) return { kind: 'platform', host };
  return label !== undefined && LABEL.test(label) ? { kind: 'platform', host } : { kind: 'foreign', host };
}

/** Names that no instance may take. */
export const isReserved = (host: string, domain: string): boolean =>
  host === domain ||
  ['api', 'pay', 'status', 'www'].some((label) => host === `${label}.${domain}`) ||
  (host.startsWith(CONTENT_LABEL) && host.endsWith(`.${domain}`));
