import { setTimeout as wait } from 'node:timers/promises';
import { ApiProblem, readEvents } from '@preau/contract';
import { type Instance, instance as instanceSchema } from '@preau/contract/platform/instances';
import { error } from '@sveltejs/kit';
import * as m from '#lib/paraglide/messages.js';
import { isSettled, progressOf } from '#lib/provisioning.ts';
import { log } from '#lib/server/log.ts';
import type { RequestHandler } from './$types.js';

/** Until the payment is confirmed there is nothing to listen to: the order is asked for. */
const POLL_MS = 700;
/** After the backend's stream broke off. */
const RESUME_MS = 1_500;
/** Proxies close what says nothing. */
const HEARTBEAT_MS = 15_000;

/** `event: progress` at once and at every change, until nothing changes by itself any more. */
export const GET: RequestHandler = async ({ locals, params, request }) => {
  if (!(await locals.account())) error(401, m.sign_in_needed());
  await locals.api.getOrder({ params });
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
        await follow((progress) => write(`event: progress\ndata: ${JSON.stringify(progress)}\n\n`));
      } catch (cause) {
        if (!gone.signal.aborted) log.warn({ err: cause, orderId: params.orderId }, 'order stream broke off');
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

  async function follow(show: (progress: ReturnType<typeof progressOf>) => void): Promise<void> {
    let shown = '';
    while (!gone.signal.aborted) {
      const order = await locals.api.getOrder({ params });
      const report = (instance: Instance | null): boolean => {
        const progress = progressOf(order, instance);
        const text = JSON.stringify(progress);
        if (text !== shown) show(progress);
        shown = text;
        return isSettled(progress);
      };
      if (!order.instanceId) {
        if (report(null)) return;
        await wait(POLL_MS, undefined, { signal: gone.signal });
        continue;
      }
      try {
        const events = await locals.api.watchInstance({
          params: { instanceId: order.instanceId },
          signal: gone.signal,
        });
        for await (const instance of readEvents(events, instanceSchema)) if (report(instance)) return;
      } catch (cause) {
        if (gone.signal.aborted) return;
        if (cause instanceof ApiProblem && cause.problem.status < 500) throw cause;
        log.warn({ err: cause }, 'the backend’s stream broke off');
      }
      await wait(RESUME_MS, undefined, { signal: gone.signal });
    }
  }

  return new Response(stream, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
  });
};
