import { createServer, type Server } from 'node:http';
import { CONTENT_LABEL } from '@preau/contract/contentOrigin';
import { hostName } from './host.ts';
import type { RouteTable } from './routes.ts';

export interface CertificateOptions {
  domain: string;
  routes: Pick<RouteTable, 'has'>;
  /** Names of the house that something answers at, beside the hub, the API and `www`. */
  further: readonly ('pay' | 'status')[];
}

/**
 * Whether a certificate may be got for a name: those of the house, and of platforms that have a route. A name that
 * merely could be a platform's has none, or anybody could use our account's allowance up by asking for invented ones.
 */
export function isCertified(name: string, { domain, routes, further }: CertificateOptions): boolean {
  const host = hostName(name);
  if (host === undefined || host.startsWith('[') || host !== name.toLowerCase()) return false;
  if (host === domain || ['www', 'api', ...further].some((label) => host === `${label}.${domain}`))
    return true;
  const platform =
    host.startsWith(CONTENT_LABEL) && host.endsWith(`.${domain}`) ? host.slice(CONTENT_LABEL.length) : host;
  return routes.has(platform);
}

/** `GET /certificate?domain=<name>` for the TLS proxy in front (deploy/caddy), on a listener that nothing leads to. */
export function createCertificates(options: CertificateOptions): Server {
  return createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://gateway');
    const asked = request.method === 'GET' && pathname === '/certificate';
    const ours = asked && isCertified(searchParams.get('domain') ?? '', options);
    response.writeHead(ours ? 200 : 404).end();
  });
}
