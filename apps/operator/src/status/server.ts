import { createServer, type Server } from 'node:http';
import { type Family, PROMETHEUS_TYPE, prometheusText } from '@preau/contract/metrics';
import type { AlertReceiver } from './alerts.ts';

export interface Status {
  ready(): boolean;
  families(): Family[];
  /** Takes what Alertmanager sends; without it nothing is taken. */
  alerts?: AlertReceiver | undefined;
}

/** `GET /healthz` and `GET /metrics`, for the launcher and for Prometheus; `POST /alerts`, for Alertmanager. */
export function openStatus({ ready, families, alerts }: Status): Server {
  return createServer((request, response) => {
    if (alerts && request.url === '/alerts' && request.method === 'POST') {
      alerts(request).then(
        (status) => response.writeHead(status).end(),
        () => response.destroy(),
      );
      return;
    }
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
      response.writeHead(200, { 'content-type': PROMETHEUS_TYPE });
      response.end(prometheusText(families()));
      return;
    }
    response.writeHead(404).end();
  });
}
