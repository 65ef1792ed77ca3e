/** The guards that stand before the backend, each as its own process calls it: what they let through is answered 200. */
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { createBilling, WebhookRejected } from '@preau/billing';
import { mayChange as mayChangeHub } from '../apps/hub/src/lib/server/origin.ts';
import { mayChange as mayChangeInstance } from '../apps/lms/server/origin.ts';
import { HUB, INSTANCE, PROVIDER, WEBHOOK_SECRET } from './edge.ts';

const instance = { platformUrl: INSTANCE, publicUrl: HUB };
const billing = createBilling({
  provider: 'sandbox',
  url: 'http://127.0.0.1:1',
  apiKey: 'unused',
  webhookSecrets: [WEBHOOK_SECRET],
});

const server = createServer(async (request, response) => {
  const raw = await buffer(request);
  const { method = 'GET', url = '/', headers } = request;
  const { host = '' } = headers;
  const { pathname } = new URL(url, `http://${host}`);
  const passes = () => {
    switch (host) {
      case new URL(INSTANCE).host:
        return mayChangeInstance(request, pathname, instance);
      case new URL(HUB).host:
        return mayChangeHub(asFetched(url, method, headers), pathname, HUB);
      case PROVIDER:
        try {
          return billing.verifyWebhook(raw, headers) !== undefined;
        } catch (error) {
          if (error instanceof WebhookRejected) return false;
          throw error;
        }
      default:
        throw new Error(`no door at ${host}`);
    }
  };
  response.writeHead(passes() ? 200 : 403).end();
});

function asFetched(url: string, method: string, headers: NodeJS.Dict<string | string[]>): Request {
  const given = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : [],
  );
  return new Request(new URL(url, HUB), { method, headers: given });
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address)
    console.log(JSON.stringify({ level: 30, msg: 'ready', port: address.port }));
});
process.once('SIGTERM', () => {
  server.closeAllConnections();
  server.close();
});
