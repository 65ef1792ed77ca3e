import { createServer, type Server } from 'node:http';
import type { LogAnswer, SleepAnswer, VisitAnswer, WakeAnswer } from '@preau/contract/wake';
import { inSpan, parentOf } from '@preau/telemetry';
import type { Log } from '../log.ts';

export interface PowerControl {
  /** The instance at a host name; undefined where there is none. */
  find(host: string): Promise<string | undefined>;
  wake(instanceId: string): Promise<WakeAnswer>;
  sleep(instanceId: string): Promise<SleepAnswer>;
  /** Undefined where no such instance is known. */
  log(instanceId: string): Promise<LogAnswer | undefined>;
  /** Sends a synthetic customer. */
  visit(): Promise<VisitAnswer>;
}

/** The gateway's and the backend's side of the operator. See @preau/contract/wake. */
export function openPowerControl({ find, wake, sleep, log: logOf, visit }: PowerControl, log: Log): Server {
  async function answer(method: string, path: string): Promise<{ status: number; body: unknown }> {
    const [, action, name, ...more] = path.split('/');
    if (method === 'GET' && action === 'logs' && name && more.length === 0) {
      const body = await logOf(name);
      return body ? { status: 200, body } : { status: 404, body: { detail: 'no such instance' } };
    }
    if (method === 'POST' && action === 'visits' && name === undefined)
      return { status: 200, body: await visit() };
    const act =
      method === 'POST' && more.length === 0 ? { wakes: wake, sleeps: sleep }[action ?? ''] : undefined;
    if (!act || !name) return { status: 404, body: { detail: 'no such operation' } };
    const instanceId = await find(decodeURIComponent(name));
    if (instanceId === undefined) return { status: 404, body: { detail: 'no such platform' } };
    return { status: 200, body: await act(instanceId) };
  }

  return createServer((request, response) => {
    const { method = '', url = '' } = request;
    const name = `${method} /${url.split('/', 2)[1]}`;
    inSpan(name, { kind: 'server', parent: parentOf(request) }, () => answer(method, url))
      .catch((error: unknown) => {
        log.warn({ error: String(error) }, 'a question could not be answered');
        return { status: 503, body: { detail: String(error) } };
      })
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      });
  });
}
