import { createHmac, timingSafeEqual } from 'node:crypto';
import { WebhookRejected } from './error.ts';

export const MAX_WEBHOOK_BYTES = 1024 * 1024;
const AGE_LIMIT_SECONDS = 300;

/** Value of a signature header: `t=<unix seconds>,v1=<hex>[,v1=<hex>…]`, one for each secret. */
export function signWebhook(raw: Uint8Array, at: Date, secrets: readonly string[]): string {
  const seconds = Math.floor(at.getTime() / 1000);
  return [
    `t=${seconds}`,
    ...secrets.map((secret) => `v1=${digest(seconds, raw, secret).toString('hex')}`),
  ].join(',');
}

/**
 * Checks HMAC-SHA-256 over `<t>.<raw>` against every current secret, in constant time, and the age both ways.
 * @throws WebhookRejected
 */
export function verifySignature(
  raw: Uint8Array,
  header: string | undefined,
  now: Date,
  secrets: readonly string[],
): void {
  if (raw.byteLength > MAX_WEBHOOK_BYTES) throw new WebhookRejected('too-large');
  if (header === undefined || header.length > 4_096) throw new WebhookRejected('unsigned');
  let seconds: number | undefined;
  const given: Buffer[] = [];
  for (const part of header.split(',')) {
    const [key, value = ''] = part.trim().split('=', 2);
    if (key === 't' && /^\d{1,12}$/.test(value)) seconds ??= Number(value);
    else if (key === 'v1' && /^[0-9a-f]{64}$/.test(value)) given.push(Buffer.from(value, 'hex'));
  }
  if (seconds === undefined || given.length === 0 || secrets.length === 0)
    throw new WebhookRejected('unsigned');
  let genuine = false;
  for (const secret of secrets) {
    const expected = digest(seconds, raw, secret);
    // No early way out: the time taken does not tell which pair matched.
    for (const candidate of given) genuine = timingSafeEqual(candidate, expected) || genuine;
  }
  if (!genuine) throw new WebhookRejected('wrong-signature');
  const age = now.getTime() / 1000 - seconds;
  if (age > AGE_LIMIT_SECONDS) throw new WebhookRejected('too-old');
  if (age < -AGE_LIMIT_SECONDS) throw new WebhookRejected('from-the-future');
}

function digest(seconds: number, raw: Uint8Array, secret: string): Buffer {
  return createHmac('sha256', secret).update(`${seconds}.`).update(raw).digest();
}
