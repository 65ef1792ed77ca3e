import { createServer, type Server } from 'node:http';
import { type Family, prometheusText } from './metrics.ts';

export interface Status {
  ready(): boolean;
  families(): Family[];
}

/** `GET /healthz` and `GET /metrics`, for the launcher and for Prometheus. */
export function openStatus({ ready, families }: Status): Server {
  return createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    if (request.url === '/healthz') {
      const ok = ready();
      response.writeHead(ok ? 200 : 503, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      response.end(JSON.stringify({ status: ok ? 'ok' : 'starting' }));
      return;
    }
    if (request.url === '/metrics') {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
      response.end(prometheusText(families()));
      return;
    }
    response.writeHead(404).end();
  });
}
