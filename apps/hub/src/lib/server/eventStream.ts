import { setTimeout as wait } from 'node:timers/promises';
import { ApiProblem, readEvents } from '@preau/contract';
import { type Instance, instance as instanceSchema } from '@preau/contract/platform/instances';
import { isOpen } from '../platformState.ts';
import { log } from './log.ts';

/** After the backend's stream broke off. */
const RESUME_MS = 1_500;
/** Proxies close what says nothing. */
const HEARTBEAT_MS = 15_000;

/**
 * A stream of one kind of events that `follow` shows, until it returns or the browser leaves.
 * @param about stands in the log where it breaks off
 */
export function eventStream<Item>(
  request: Request,
  { event, about }: { event: string; about: Record<string, string> },
  follow: (show: (item: Item) => void, gone: AbortSignal) => Promise<void>,
): Response {
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
        await follow((item) => write(`event: ${event}\ndata: ${JSON.stringify(item)}\n\n`), gone.signal);
      } catch (cause) {
        if (!gone.signal.aborted) log.warn({ err: cause, ...about }, `the stream of ${event} broke off`);
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
  return new Response(stream, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
  });
}

/**
 * Follows a platform through one stream of the backend, until that ends, however it does.
 * @param show answers whether there is nothing more to see
 * @returns whether there is nothing more to see
 */
export async function watchOnce(
  locals: App.Locals,
  instanceId: string,
  gone: AbortSignal,
  show: (instance: Instance) => boolean,
): Promise<boolean> {
  try {
    const events = await locals.api.watchInstance({ params: { instanceId }, signal: gone });
    for await (const instance of readEvents(events, instanceSchema)) if (show(instance)) return true;
  } catch (cause) {
    if (gone.aborted) return true;
    if (cause instanceof ApiProblem && cause.problem.status < 500) throw cause;
    log.warn({ err: cause, instanceId }, 'the backend’s stream broke off');
  }
  await wait(RESUME_MS, undefined, { signal: gone });
  return false;
}

/** `event: instance` at once and at every change of a platform, until the browser leaves or it is gone. */
export const instanceEvents = (locals: App.Locals, instanceId: string, request: Request): Response =>
  eventStream<Instance>(request, { event: 'instance', about: { instanceId } }, async (show, gone) => {
    const over = (instance: Instance) => {
      show(instance);
      return instance.lifecycle === 'purged' && !isOpen(instance.operation);
    };
    while (!gone.aborted) if (await watchOnce(locals, instanceId, gone, over)) return;
  });
