import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { routeTarget, sleepRequest } from '@preau/contract/gateway';
import { PROMETHEUS_TYPE } from '@preau/contract/metrics';
import type { z } from 'zod';
import { hostName, isReserved } from './host.ts';
import type { Metrics } from './metrics.ts';
import type { RouteTable } from './routes.ts';

const MAX_BODY_BYTES = 16 * 1024;

export interface ControlOptions {
  domain: string;
  routes: RouteTable;
  metrics: Metrics;
  /** Whether the public port accepts connections. */
  isReady: () => boolean;
}

class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The operator's side: HTTP over a unix socket that only our own user may open. See @preau/contract/gateway. */
export function createControl({ domain, routes, metrics, isReady }: ControlOptions): Server {
  function host(path: string): string {
    const name = hostName(decode(path.split('/')[2] ?? ''));
    if (name === undefined || name.startsWith('[')) throw new Refusal(400, 'not a host name');
    if (isReserved(name, domain)) throw new Refusal(409, `${name} is the house's own name`);
    return name;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const call = `${request.method} ${path.replace(/^\/routes\/[^/]*/, '/routes/…')}`;
    switch (call) {
      case 'GET /healthz':
        return json(response, isReady() ? 200 : 503, { status: isReady() ? 'ok' : 'starting' });
      case 'GET /metrics':
        response.writeHead(200, { 'Content-Type': PROMETHEUS_TYPE });
        response.end(metrics.text(routes.states()));
        return;
      case 'GET /routes':
        return json(response, 200, {
          items: [...routes.entries()].map((entry) => routes.describe(entry.host)),
        });
      case 'GET /routes/…': {
        const route = routes.describe(host(path));
        if (route === undefined) throw new Refusal(404, 'no such route');
        return json(response, 200, route);
      }
      case 'PUT /routes/…': {
        const name = host(path);
        return json(response, 200, await routes.put(name, await read(request, routeTarget)));
      }
      case 'POST /routes/…/sleep': {
        const route = await routes.sleep(host(path), await read(request, sleepRequest));
        if (route === undefined) throw new Refusal(409, 'in use, or not served by that process');
        return json(response, 200, route);
      }
      case 'DELETE /routes/…':
        await routes.delete(host(path));
        response.writeHead(204).end();
        return;
      default:
        throw new Refusal(404, 'no such operation');
    }
  }

  return createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      const status = error instanceof Refusal ? error.status : 500;
      json(response, status, { status, detail: error instanceof Error ? error.message : String(error) });
    });
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refusal(400, 'not a host name');
  }
}

/** @throws Refusal 422 with what is wrong first. */
async function read<T extends z.ZodType>(request: IncomingMessage, schema: T): Promise<z.output<T>> {
  const parsed = schema.safeParse(await readJson(request));
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw new Refusal(422, `${first?.path.join('.')}: ${first?.message}`);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BODY_BYTES) throw new Refusal(413, 'too large');
    chunks.push(bytes);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Refusal(400, 'not JSON');
  }
}

function json(response: ServerResponse, status: number, value: unknown): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(value));
}
