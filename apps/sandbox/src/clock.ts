import type { Logger } from 'pino';
import { z } from 'zod';
import { expire } from './checkout/checkout.ts';
import type { Store } from './database/store.ts';
import { retry, turnPeriod } from './subscription/lifecycle.ts';

const TICK_MILLISECONDS = 1_000;
const MAX_ADVANCE_MILLISECONDS = 3 * 366 * 24 * 60 * 60 * 1000;

const due = z.object({ kind: z.enum(['checkout', 'period', 'retry']), id: z.string(), at: z.date() });
type Due = z.infer<typeof due>;

const dueBy = (instant: string) => `
  select 'checkout' as kind, id, expires_at as at from sandbox.checkout
    where status = 'open' and expires_at <= ${instant}
  union all select 'retry', id, next_retry_at from sandbox.subscription
    where status = 'past_due' and next_retry_at <= ${instant}
  union all select 'period', id, current_period_end from sandbox.subscription
    where status in ('trialing', 'active', 'past_due') and current_period_end <= ${instant}`;

/** The provider's time: the machine's, and what somebody has put it ahead by. Everything that falls due is done. */
export class Clock {
  readonly #store: Store;
  readonly #log: Logger;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(store: Store, log: Logger) {
    this.#store = store;
    this.#log = log;
  }

  now(): Promise<Date> {
    return this.#store.transact(async (tx) => tx.now);
  }

  start(): void {
    const tick = () => {
      this.#inTurn(async () => ((await this.#isDue()) ? this.#catchUp(await this.now()) : undefined))
        .catch((error: unknown) =>
          this.#log.error({ err: error }, 'what fell due was not done; next try in a second'),
        )
        .finally(() => {
          if (this.#timer !== undefined) this.#timer = setTimeout(tick, TICK_MILLISECONDS);
        });
    };
    this.#timer = setTimeout(tick, TICK_MILLISECONDS);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#turn.catch(() => undefined);
  }

  /** Moves the clock and lives through everything in between, in order, each thing at its own instant. */
  advance(milliseconds: number): Promise<Date> {
    if (!(milliseconds > 0 && milliseconds <= MAX_ADVANCE_MILLISECONDS)) {
      throw new RangeError('the clock moves forward, by three years at most');
    }
    return this.#inTurn(async () => {
      const target = new Date((await this.now()).getTime() + milliseconds);
      await this.#catchUp(target);
      await this.#store.transact((tx) =>
        tx.run('update sandbox.clock set ahead_ms = ahead_ms + $1', [Math.round(milliseconds)]),
      );
      return this.now();
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.catch(() => undefined).then(work);
    this.#turn = mine;
    return mine;
  }

  async #catchUp(target: Date): Promise<void> {
    let before: Due | undefined;
    for (;;) {
      const [next] = await this.#next(target);
      if (next === undefined) return;
      if (before?.id === next.id && before.at.getTime() === next.at.getTime() && before.kind === next.kind) {
        throw new Error(`${next.kind} ${next.id} stays due at ${next.at.toISOString()}`);
      }
      before = next;
      await this.#store.transact(async (tx) => {
        if (next.kind === 'checkout') await expire(tx, next.id);
        else if (next.kind === 'period') await turnPeriod(tx, next.id);
        else await retry(tx, next.id);
      }, next.at);
    }
  }

  #next(target: Date): Promise<Due[]> {
    return this.#store.rows(due, `${dueBy('$1')} order by at, kind limit 1`, [target]);
  }

  async #isDue(): Promise<boolean> {
    const now = `(select now() + ahead_ms * interval '1 millisecond' from sandbox.clock)`;
    return (await this.#store.rows(due, `${dueBy(now)} limit 1`)).length > 0;
  }
}
