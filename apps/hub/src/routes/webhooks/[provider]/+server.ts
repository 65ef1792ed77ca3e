import { MAX_WEBHOOK_BYTES, WebhookRejected } from '@preau/billing';
import { billingOf } from '#lib/server/billing.ts';
import { log } from '#lib/server/log.ts';
import type { RequestHandler } from './$types.js';

const answer = (status: number, detail: string) => Response.json({ detail }, { status });

/**
 * Where payment providers report. The bytes are verified as they came; 200 only once the event is stored, so that
 * the provider sends it again otherwise. What it means is found out later, from the provider itself.
 */
export const POST: RequestHandler = async ({ request, params, locals }) => {
  const billing = billingOf(params.provider);
  if (!billing) return answer(404, 'unknown provider');
  const raw = await readAtMost(request, MAX_WEBHOOK_BYTES);
  if (!raw) return answer(413, `at most ${MAX_WEBHOOK_BYTES} bytes`);
  try {
    const event = billing.verifyWebhook(raw, Object.fromEntries(request.headers));
    const { provider, livemode, eventId, type, subscriptionRef, occurredAt } = event;
    const { duplicate } = await locals.api.storeInboxEntry({
      body: {
        provider,
        livemode,
        eventId,
        type,
        subscriptionRef,
        occurredAt,
        payload: new TextDecoder().decode(raw),
      },
    });
    return Response.json({ received: true, duplicate });
  } catch (error) {
    if (error instanceof WebhookRejected) {
      log.warn({ provider: params.provider, reason: error.reason }, 'webhook rejected');
      return answer(400, error.reason);
    }
    log.error({ err: error, provider: params.provider }, 'webhook could not be stored');
    return answer(503, 'not stored; send it again');
  }
};

/**
 * The body, or null where it is larger than `limit`. What is too much is read and dropped (the server's own limit, a
 * little above ours, bounds it), so that the sender gets its answer instead of a broken connection.
 */
async function readAtMost(request: Request, limit: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength;
      if (size <= limit) chunks.push(chunk);
    }
  } catch {
    return null;
  }
  return size <= limit ? Buffer.concat(chunks) : null;
}
