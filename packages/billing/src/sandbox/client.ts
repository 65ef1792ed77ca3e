import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { BillingError } from '../error.ts';
import { failure } from './wire.ts';

const ATTEMPTS = 4;
const LONGEST_WAIT_SECONDS = 5;
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

export interface ClientSettings {
  /** The provider's API, e.g. `http://127.0.0.1:8090`. */
  url: string;
  apiKey: string;
  timeoutMilliseconds: number;
  /** Before the second attempt; doubles with each. */
  retryMilliseconds: number;
}

/** One call of the provider's API, repeated where that is safe: reads always, writes by their idempotency key. */
export class Client {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return this.#persist(() => this.#once(path, schema, undefined));
  }

  post<T>(path: string, body: unknown, schema: z.ZodType<T>, idempotencyKey: string): Promise<T> {
    return this.#persist(() => this.#once(path, schema, { body, idempotencyKey }));
  }

  async #persist<T>(call: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof BillingError) || !error.passes || attempt === ATTEMPTS) throw error;
        const wanted = error.fault.kind === 'rate-limited' ? error.fault.retryAfterSeconds : 0;
        if (wanted > LONGEST_WAIT_SECONDS) throw error;
        const backoff = this.#settings.retryMilliseconds * 2 ** (attempt - 1) * (0.5 + Math.random());
        await sleep(Math.max(wanted * 1000, backoff));
      }
    }
  }

  async #once<T>(
    path: string,
    schema: z.ZodType<T>,
    write: { body: unknown; idempotencyKey: string } | undefined,
  ): Promise<T> {
    const { url, apiKey, timeoutMilliseconds } = this.#settings;
    let response: Response;
    let text: string;
    try {
      response = await fetch(new URL(path, url), {
        method: write === undefined ? 'GET' : 'POST',
        headers: {
          Accept: 'application/json',
          Authorization: `Bearer ${apiKey}`,
          ...(write && { 'Content-Type': 'application/json', 'Idempotency-Key': write.idempotencyKey }),
        },
        body: write === undefined ? null : JSON.stringify(write.body),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMilliseconds),
      });
      text = await response.text();
    } catch (cause) {
      throw new BillingError({ kind: 'transient' }, 'the payment provider cannot be reached', { cause });
    }
    if (text.length > MAX_ANSWER_BYTES) throw malformed(path, 'too large');
    const value = parse(text);
    if (!response.ok) throw refusal(response, value, path);
    const answer = schema.safeParse(value);
    if (!answer.success) throw malformed(path, answer.error.issues[0]?.message ?? 'not as documented');
    return answer.data;
  }
}

const malformed = (path: string, why: string) =>
  new BillingError(
    { kind: 'malformed-response' },
    `the payment provider's answer to ${path} is malformed: ${why}`,
  );

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The status decides; the body only adds the provider's words. */
function refusal(response: Response, value: unknown, path: string): BillingError {
  const parsed = failure.safeParse(value);
  const said = parsed.success ? parsed.data.error : undefined;
  const message = `${path}: ${said?.message ?? `HTTP ${response.status}`}`;
  const status = response.status;
  if (status === 429) {
    const seconds = Number(response.headers.get('retry-after') ?? 1);
    return new BillingError(
      { kind: 'rate-limited', retryAfterSeconds: Number.isFinite(seconds) ? seconds : 1 },
      message,
    );
  }
  if (status >= 500 || status === 408) return new BillingError({ kind: 'transient' }, message);
  if (said === undefined) return new BillingError({ kind: 'malformed-response' }, message);
  if (status === 401 || status === 403) return new BillingError({ kind: 'auth-config' }, message);
  if (status === 404) return new BillingError({ kind: 'not-found' }, message);
  if (status === 402 && said.url !== undefined)
    return new BillingError({ kind: 'requires-action', url: said.url }, message);
  if (status === 402) return new BillingError({ kind: 'declined', code: said.code }, message);
  return new BillingError({ kind: 'invalid-request', code: said.code }, message);
}
