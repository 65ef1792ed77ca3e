import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { jsonText } from '@preau/contract/jsonText';
import { z } from 'zod';
import type { Context } from '../workflows/context.ts';

const MAX_BODY_BYTES = 1024 * 1024;

/** What Alertmanager sends to a webhook (version 4), as far as we read it. */
const message = z.object({
  version: z.literal('4'),
  alerts: z.array(
    z.object({
      status: z.enum(['firing', 'resolved']),
      fingerprint: z.string().regex(/^[\da-f]{1,64}$/),
      labels: z.object({
        alertname: z.string(),
        severity: z.enum(['info', 'warning', 'critical']).catch('warning'),
      }),
      annotations: z.object({ summary: z.string().optional() }),
    }),
  ),
});

/** @returns the status to answer with: Alertmanager tries 5xx again, and reporting twice changes nothing */
export type AlertReceiver = (request: IncomingMessage) => Promise<number>;

/**
 * Makes an incident of each alert that fires, and closes it when the alert is over. Only who knows the secret may:
 * other programs of this machine reach the port too.
 */
export function receiveAlerts(
  secret: string,
  { backend, log }: { backend: Pick<Context['backend'], 'reportIncident'>; log: Context['log'] },
): AlertReceiver {
  const expected = Buffer.from(`Bearer ${secret}`);
  return async (request) => {
    const given = Buffer.from(request.headers.authorization ?? '');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 401;
    const body = await read(request);
    if (body === undefined) return 413;
    const parsed = jsonText.pipe(message).safeParse(body);
    if (!parsed.success) return 400;
    try {
      for (const { status, fingerprint, labels, annotations } of parsed.data.alerts)
        await backend.reportIncident({
          params: { key: `alert:${fingerprint}` },
          body: {
            state: status === 'firing' ? 'open' : 'closed',
            instanceId: null,
            kind: labels.alertname.slice(0, 60),
            severity: labels.severity,
            title: (annotations.summary ?? labels.alertname).slice(0, 300),
          },
        });
    } catch (error) {
      log.warn({ error: String(error) }, 'alerts could not be reported');
      return 503;
    }
    return 204;
  };
}

async function read(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
