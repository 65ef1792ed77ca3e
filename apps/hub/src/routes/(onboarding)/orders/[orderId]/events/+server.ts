import { setTimeout as wait } from 'node:timers/promises';
import type { Instance } from '@preau/contract/platform/instances';
import { error } from '@sveltejs/kit';
import * as m from '#lib/paraglide/messages.js';
import { isSettled, progressOf } from '#lib/provisioning.ts';
import { eventStream, watchOnce } from '#lib/server/eventStream.ts';
import type { RequestHandler } from './$types.js';

/** Until the payment is confirmed there is nothing to listen to: the order is asked for. */
const POLL_MS = 700;

type Progress = ReturnType<typeof progressOf>;

/** `event: progress` at once and at every change, until nothing changes by itself any more. */
export const GET: RequestHandler = async ({ locals, params, request }) => {
  if (!(await locals.account())) error(401, m.sign_in_needed());
  await locals.api.getOrder({ params });
  const about = { orderId: params.orderId };
  return eventStream<Progress>(request, { event: 'progress', about }, async (show, gone) => {
    let shown = '';
    while (!gone.aborted) {
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
        await wait(POLL_MS, undefined, { signal: gone });
      } else if (await watchOnce(locals, order.instanceId, gone, report)) return;
    }
  });
};
