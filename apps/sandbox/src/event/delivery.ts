import { signWebhook } from '@preau/billing';
import { SIGNATURE_HEADER } from '@preau/billing/sandbox/wire';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Store } from '../database/store.ts';
import { eventRow, present } from './event.ts';

const TIMEOUT_MILLISECONDS = 10_000;
const AT_ONCE = 8;
const IDLE_MILLISECONDS = 1_000;
const FIRST_RETRY_MILLISECONDS = 1_000;
const LONGEST_RETRY_MILLISECONDS = 60 * 60_000;
/** 1 s, 2 s, 4 s … an hour: about a day in all. */
const ATTEMPTS = 34;

const claimed = eventRow.extend({ delivery: z.string(), attempts: z.int() });
type Claimed = z.infer<typeof claimed>;

export interface DelivererOptions {
  store: Store;
  log: Logger;
  url: string;
  secrets: readonly string[];
}

/** Posts signed webhooks until each is answered with a 2xx. What waits is in the database and survives a crash. */
export class Deliverer {
  readonly #options: DelivererOptions;
  #running = false;
  #wake: () => void = () => undefined;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: DelivererOptions) {
    this.#options = options;
    options.store.onEvents = () => this.#wake();
  }

  start(): void {
    this.#running = true;
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#wake();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (this.#running) {
      const found = await this.#round().catch((error: unknown) => {
        this.#options.log.error({ err: error }, 'webhooks wait: the database does not answer');
        return 0;
      });
      if (found === 0 && this.#running) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, IDLE_MILLISECONDS);
          this.#wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    }
  }

  /** Claims by moving the due date past the time-out: whoever dies with a claim leaves it to the next. */
  async #round(): Promise<number> {
    const batch = await this.#options.store.rows(
      claimed,
      `with due as (
           select id from sandbox.delivery where state = 'waiting' and due_at <= now()
           order by due_at, id limit ${AT_ONCE} for update skip locked
         )
         update sandbox.delivery d set attempts = d.attempts + 1, due_at = now() + interval '30 seconds'
         from due, sandbox.event e where d.id = due.id and e.id = d.event_id
         returning d.id as delivery, d.attempts, e.seq, e.id, e.type, e.data, e.created_at`,
    );
    await Promise.all(batch.map((delivery) => this.#deliver(delivery)));
    return batch.length;
  }

  async #deliver(delivery: Claimed): Promise<void> {
    const { store, log, url, secrets } = this.#options;
    const body = Buffer.from(JSON.stringify(present(delivery)));
    let outcome: string;
    let delivered = false;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          [SIGNATURE_HEADER]: signWebhook(body, new Date(), secrets),
        },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      });
      await response.body?.cancel();
      delivered = response.ok;
      outcome = String(response.status);
    } catch (error) {
      outcome = error instanceof Error && error.name === 'TimeoutError' ? 'time-out' : 'unreachable';
    }
    const over = delivery.attempts >= ATTEMPTS;
    const wait = Math.min(
      FIRST_RETRY_MILLISECONDS * 2 ** (delivery.attempts - 1),
      LONGEST_RETRY_MILLISECONDS,
    );
    await store.transact((tx) =>
      tx.run('update sandbox.delivery set state = $2, due_at = $3, last_answer = $4 where id = $1', [
        delivery.delivery,
        delivered ? 'delivered' : over ? 'given-up' : 'waiting',
        new Date(Date.now() + wait),
        outcome,
      ]),
    );
    log[delivered ? 'info' : 'warn'](
      { event: delivery.id, type: delivery.type, attempt: delivery.attempts, outcome },
      'webhook',
    );
  }
}
