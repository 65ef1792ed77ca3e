/** Real servers on loopback for the gateway's tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage, OutgoingHttpHeaders, RequestListener, Server } from 'node:http';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BlockList, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listenPrivately } from '@preau/identity/privateSocket';
import { pino } from 'pino';
import { Assets } from '../assets.ts';
import { createControl } from '../control.ts';
import { Metrics } from '../metrics.ts';
import { RouteTable } from '../routes.ts';
import { createGateway } from '../server.ts';
import { Wakes } from '../wakes.ts';

export interface TestServer {
  server: Server;
  port: number;
  url: string;
  close: () => Promise<void>;
}

export async function testServer(listener: RequestListener): Promise<TestServer> {
  const server = createServer(listener);
  return listening(server);
}

async function listening(server: Server): Promise<TestServer> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server);
  return {
    server,
    port,
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return address.port;
}

export interface TestGateway extends TestServer {
  routes: RouteTable;
  metrics: Metrics;
  socketPath: string;
  snapshot: string;
  logged: string[];
}

/** A gateway for `preau.test` whose hub, API and payment pages are the given listeners. */
export async function testGateway(
  parts: {
    hub?: RequestListener;
    backend?: RequestListener;
    sandbox?: RequestListener;
    bodyLimitBytes?: number;
    bodySilenceMs?: number;
    trustedProxies?: BlockList;
    publicUrl?: string;
    /** The operator's control socket. */
    operator?: string;
    holdMs?: number;
  } = {},
): Promise<TestGateway> {
  const says =
    (part: string): RequestListener =>
    (_, response) =>
      response.end(part);
  const hub = await testServer(parts.hub ?? says('hub'));
  const backend = await testServer(parts.backend ?? says('backend'));
  const sandbox = await testServer(parts.sandbox ?? says('sandbox'));
  const status = await testServer(says('status'));
  const folder = mkdtempSync(join(tmpdir(), 'preau-gateway-'));
  const snapshot = join(folder, 'gateway', 'routes.json');
  const routes = new RouteTable(snapshot);
  const logged: string[] = [];
  const log = pino({ level: 'info', base: {} }, { write: (line: string) => logged.push(line) });
  const wakes = new Wakes(parts.operator, routes, log);
  const metrics = new Metrics(() => wakes.held);
  const gateway = await listening(
    createGateway({
      publicUrl: new URL(parts.publicUrl ?? 'http://preau.test:8080'),
      hubUrl: hub.url,
      backendUrl: backend.url,
      sandboxUrl: sandbox.url,
      statusUrl: status.url,
      bodyLimitBytes: parts.bodyLimitBytes ?? 1024 * 1024,
      ...(parts.bodySilenceMs === undefined ? {} : { bodySilenceMs: parts.bodySilenceMs }),
      ...(parts.holdMs === undefined ? {} : { holdMs: parts.holdMs }),
      trustedProxies: parts.trustedProxies ?? new BlockList(),
      maxConnections: 1_000,
      routes,
      wakes,
      assets: new Assets(join(folder, 'releases')),
      metrics,
      log,
    }),
  );
  const control = createControl({ domain: 'preau.test', routes, metrics, isReady: () => true });
  const socketPath = join(folder, 'control.sock');
  await listenPrivately(control, socketPath);
  return {
    ...gateway,
    routes,
    metrics,
    socketPath,
    snapshot,
    logged,
    close: async () => {
      control.close();
      control.closeAllConnections();
      await gateway.close();
      await Promise.all([hub.close(), backend.close(), sandbox.close(), status.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

/** One request on a connection of its own. */
export function ask(
  where: { port: number } | { socketPath: string },
  options: {
    method?: string;
    path?: string;
    host?: string;
    headers?: OutgoingHttpHeaders;
    body?: string | Buffer;
  },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        ...('port' in where ? { host: '127.0.0.1', port: where.port } : where),
        agent: false,
        method: options.method ?? 'GET',
        path: options.path ?? '/',
        headers: { Host: options.host ?? 'preau.test', ...options.headers },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(options.body);
  });
}

/** Sends bytes as they are and answers all that comes back before the other side closes, or after two seconds of silence. */
export function raw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let received = '';
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      received += text;
    });
    socket.on('error', () => resolve(received));
    socket.on('close', () => resolve(received));
    socket.setTimeout(2_000, () => {
      socket.destroy();
    });
    socket.write(bytes, 'latin1');
  });
}

/** Waits for what must come to pass, for five seconds at most: a busy machine is no failure. */
export async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  const limit = Date.now() + 5_000;
  while (!(await done())) {
    if (Date.now() > limit) throw new Error(`this did not come to pass: ${done}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
