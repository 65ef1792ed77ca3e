import cluster from 'node:cluster';
import type { Server, ServerResponse } from 'node:http';
import { createServer, Server as NetServer } from 'node:net';
import { z } from 'zod';

/**
 * How a service changes its process without losing a request (decision 133). Its primary owns the port; a worker
 * serves. A new worker is looked at through a port of its own, then takes part in the common one; the former one
 * takes no further connection and ends when those that it has are over.
 */

/** Longer than any caller keeps an idle connection (65 s by our own hint): whoever closes first closes nobody else's. */
const IDLE_MS = 70_000;
/** What an answer under way may take: the longest that the backend lets a request take. */
const DRAIN_MS = 300_000;
const STREAMS_MS = 500;

/** A worker to its primary: it has everything it needs and can be looked at on `port`; it serves. */
export const fromWorker = z.discriminatedUnion('handover', [
  z.object({ handover: z.literal('prepared'), port: z.int().min(1) }),
  z.object({ handover: z.literal('serving') }),
]);
/** A primary to its worker. */
export const toWorker = z.object({ handover: z.enum(['serve', 'leave']) });

/**
 * A primary's control API, HTTP over a unix socket that only our own user may open: `POST /handover` →
 * 200 `handedOver` once the new worker serves, 409 `handoverRefused` where the former one goes on.
 */
export const handoverRequest = z.object({ folder: z.string().startsWith('/') });
export const handedOver = z.object({ folder: z.string(), former: z.string(), milliseconds: z.number() });
export const handoverRefused = z.object({ detail: z.string() });

/**
 * Opens a server on its port. Under a primary only after that has looked at it and let it; once a successor serves,
 * `leave` is called, and the process ends after it.
 * @param leave is given what resolves when nobody is connected any more
 * @returns the port
 */
export async function serve(
  server: Server,
  where: { port: number; host: string },
  leave: (drain: () => Promise<void>) => Promise<void>,
): Promise<number> {
  if (!cluster.isWorker) return listen(server, where);
  const drain = drainable(server);
  const door = createServer((socket) => server.emit('connection', socket));
  const port = await listen(door, { port: 0, host: '127.0.0.1', exclusive: true });
  const told = new Promise<void>((resolve) => {
    process.on('message', (message) => {
      const parsed = toWorker.safeParse(message);
      if (parsed.data?.handover === 'serve') resolve();
      if (parsed.data?.handover === 'leave') void leave(drain).finally(() => process.exit(0));
    });
  });
  tell({ handover: 'prepared', port });
  await told;
  const opened = await listen(server, where);
  door.close();
  tell({ handover: 'serving' });
  return opened;
}

const tell = (message: z.infer<typeof fromWorker>) => process.send?.(message);

function listen(
  server: NetServer,
  where: { port: number; host: string; exclusive?: boolean },
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : where.port);
    });
  });
}

/**
 * @returns what stops listening and resolves when the last connection is closed. Idle ones stay open, since their
 * other side may be writing into one at this moment: its next answer says that the connection ends with it.
 */
function drainable(server: Server): () => Promise<void> {
  const open = new Set<ServerResponse>();
  let leaving = false;
  server.prependListener('request', (_request, response: ServerResponse) => {
    if (leaving) response.setHeader('connection', 'close');
    open.add(response);
    response.once('close', () => open.delete(response));
  });
  /** A stream of events has no end of its own; who listens begins a new one by itself. */
  const endStreams = () => {
    for (const response of open)
      if (String(response.getHeader('content-type')).startsWith('text/event-stream')) response.destroy();
  };
  return async () => {
    leaving = true;
    for (const response of open) if (!response.headersSent) response.setHeader('connection', 'close');
    endStreams();
    const timers = [
      setInterval(endStreams, STREAMS_MS),
      setTimeout(() => server.closeIdleConnections(), IDLE_MS),
      setTimeout(() => server.closeAllConnections(), DRAIN_MS),
    ];
    // Not http's own `close`, which ends idle connections.
    await new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
    timers.forEach(clearTimeout);
  };
}
