import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { contentOrigin } from '@preau/contract/contentOrigin';
import next from 'next';
import { secure, secureAny } from './headers.ts';
import { openHotDocuments } from './hotDocuments.ts';
import { current, publishInstance } from './instance.ts';
import { fetchLoopback, loopbackOrigin } from './loopback.ts';
import { mayChange } from './origin.ts';
import { relay } from './relay.ts';
import { readSettings } from './settings.ts';

/*
 * The same process with hot reload, which `npm run dev` gives the demonstration's platform: the variables of README.md,
 * then Next's development server behind the same origin check and relay.
 */
const settings = readSettings(process.env);
fetchLoopback(() => settings.LISTEN);
const instance = publishInstance(settings);
const content = contentOrigin(instance.platformUrl);
const application = next({ dev: true, dir: join(import.meta.dirname, '..') });
await application.prepare();
const handle = application.getRequestHandler();
const documents = await openHotDocuments(loopbackOrigin);

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, search } = new URL(request.url ?? '/', instance.platformUrl);
  if (pathname === '/healthz') {
    response.end(JSON.stringify({ status: 'ok', instance: instance.id, release: instance.release }));
    return;
  }
  if (!mayChange(request, pathname, instance)) {
    response.writeHead(403).end();
    return;
  }
  if (await relay(instance, { pathname, search, https: false }, request, response)) return;
  secureAny(response, false);
  const nonce = secure(request, response, { development: true, https: false, content });
  if (await documents(request, response, { path: pathname, search }, nonce)) return;
  await current.run(response, () => handle(request, response));
}

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    console.error(error);
    response.destroy();
  });
});
// Hot reload speaks over a WebSocket.
const upgrade = application.getUpgradeHandler();
server.on('upgrade', (request, socket, head) => void upgrade(request, socket, head));
server.listen(settings.LISTEN, () => console.log(`${instance.platformUrl} → ${settings.LISTEN}`));
