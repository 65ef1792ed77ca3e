import { setTimeout as wait } from 'node:timers/promises';
import { ApiProblem, readEvents } from '@preau/contract';
import { type Instance, instance as instanceSchema } from '@preau/contract/platform/instances';
import { isOpen } from '../platformState.ts';
import { log } from './log.ts';

/** After the backend's stream broke off. */
const RESUME_MS = 1_500;
/** Proxies close what says nothing. */
const HEARTBEAT_MS = 15_000;

/** `event: instance` at once and at every change of a platform, until the browser leaves or it is gone. */
export function instanceEvents(locals: App.Locals, instanceId: string, request: Request): Response {
  const gone = new AbortController();
  request.signal.addEventListener('abort', () => gone.abort());
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    async start(controller) {
      const write = (text: string) => {
        if (!gone.signal.aborted) controller.enqueue(encoder.encode(text));
      };
      const heartbeat = setInterval(() => write(': \n\n'), HEARTBEAT_MS);
      try {
        write('retry: 2000\n\n');
        await follow((instance) => write(`event: instance\ndata: ${JSON.stringify(instance)}\n\n`));
      } catch (cause) {
        if (!gone.signal.aborted) log.warn({ err: cause, instanceId }, 'platform stream broke off');
      } finally {
        clearInterval(heartbeat);
        // Answering `end` keeps the browser from asking again.
        write('event: end\ndata: {}\n\n');
        if (!gone.signal.aborted) controller.close();
        gone.abort();
      }
    },
    cancel() {
      gone.abort();
    },
  });

  async function follow(show: (instance: Instance) => void): Promise<void> {
    while (!gone.signal.aborted) {
      try {
        const events = await locals.api.watchInstance({ params: { instanceId }, signal: gone.signal });
        for await (const instance of readEvents(events, instanceSchema)) {
          show(instance);
          if (instance.lifecycle === 'purged' && !isOpen(instance.operation)) return;
        }
      } catch (cause) {
        if (gone.signal.aborted) return;
        if (cause instanceof ApiProblem && cause.problem.status < 500) throw cause;
        log.warn({ err: cause, instanceId }, 'the backend’s stream broke off');
      }
      await wait(RESUME_MS, undefined, { signal: gone.signal });
    }
  }

  return new Response(stream, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
  });
}
