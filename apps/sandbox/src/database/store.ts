import pg from 'pg';
import { z } from 'zod';
import { newId } from '../ids.ts';
import { migrations } from './migrations.ts';

const MIGRATION_LOCK = 7_246_101;
const EVENT_LOCK = 7_246_102;

export interface EventSubjects {
  subscription?: string | null;
  checkout?: string | null;
  invoice?: string | null;
}

/** One transaction at one instant of the provider's clock. */
export interface Tx {
  readonly now: Date;
  /** By how much the provider's clock is ahead of everybody else's. */
  readonly aheadMilliseconds: number;
  rows<T>(schema: z.ZodType<T>, sql: string, values?: readonly unknown[]): Promise<T[]>;
  /** @returns the number of rows touched */
  run(sql: string, values?: readonly unknown[]): Promise<number>;
  /** Written at the end of the transaction, in the order of commits. */
  emit(type: string, subjects: EventSubjects): void;
}

const switches = z.object({
  duplicate: z.boolean(),
  reorder: z.boolean(),
  delay_seconds: z.int(),
  drop_percent: z.int(),
});
/** Reordered webhooks arrive anywhere within this time. */
const REORDER_MILLISECONDS = 4_000;
const COPIES = 3;

/** The provider's own tables. */
export class Store {
  readonly #pool: pg.Pool;
  /** Called after a transaction that left events. */
  onEvents: () => void = () => undefined;

  constructor(url: string) {
    this.#pool = new pg.Pool({ connectionString: url, max: 10, application_name: 'preau-sandbox' });
    // A lost idle connection is replaced at the next use; without a listener it would end the process.
    this.#pool.on('error', () => undefined);
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async migrate(): Promise<void> {
    const client = await this.#pool.connect();
    try {
      await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
      const known = await client.query("select to_regnamespace('sandbox') is not null as there");
      if (known.rows[0]?.there !== true) await client.query('create schema sandbox');
      await client.query(
        'create table if not exists sandbox.migration (name text primary key, applied_at timestamptz not null default now())',
      );
      for (const { name, sql } of migrations) {
        await client.query('begin');
        const done = await client.query(
          'insert into sandbox.migration (name) values ($1) on conflict do nothing',
          [name],
        );
        if (done.rowCount === 1) await client.query(sql);
        await client.query('commit');
      }
    } finally {
      await client.query('select pg_advisory_unlock_all()').catch(() => undefined);
      client.release();
    }
  }

  /** Throws away what nobody can use any more. */
  async tidy(): Promise<void> {
    await this.#pool.query(`
      delete from sandbox.idempotency where created_at < now() - interval '7 days';
      delete from sandbox.portal_session where expires_at < now();
      delete from sandbox.change_preview where expires_at < (
        select now() + ahead_ms * interval '1 millisecond' from sandbox.clock)`);
  }

  /** One statement, without a transaction around it. */
  async rows<T>(schema: z.ZodType<T>, sql: string, values?: readonly unknown[]): Promise<T[]> {
    const result = await this.#pool.query(sql, [...(values ?? [])]);
    return z.array(schema).parse(result.rows);
  }

  /** @param at another instant than the provider's now: what falls due while the clock is being advanced */
  async transact<T>(work: (tx: Tx) => Promise<T>, at?: Date): Promise<T> {
    const client = await this.#pool.connect();
    const events: { type: string; subjects: EventSubjects }[] = [];
    try {
      await client.query('begin');
      const aheadMilliseconds = await readClock(client);
      const now = at ?? new Date(Date.now() + aheadMilliseconds);
      const tx: Tx = {
        now,
        aheadMilliseconds,
        rows: async (schema, sql, values) => {
          const result = await client.query(sql, [...(values ?? [])]);
          return z.array(schema).parse(result.rows);
        },
        run: async (sql, values) => (await client.query(sql, [...(values ?? [])])).rowCount ?? 0,
        emit: (type, subjects) => {
          events.push({ type, subjects });
        },
      };
      const result = await work(tx);
      if (events.length > 0) await write(client, now, events);
      await client.query('commit');
      if (events.length > 0) this.onEvents();
      return result;
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  }
}

async function readClock(client: pg.PoolClient): Promise<number> {
  const { rows } = await client.query('select ahead_ms from sandbox.clock');
  return z.coerce.number().parse(rows[0]?.ahead_ms);
}

async function write(
  client: pg.PoolClient,
  now: Date,
  events: readonly { type: string; subjects: EventSubjects }[],
): Promise<void> {
  // Held until the commit: a reader of the list never passes an event that is still to come.
  await client.query('select pg_advisory_xact_lock($1)', [EVENT_LOCK]);
  const set = switches.parse((await client.query('select * from sandbox.switches')).rows[0]);
  for (const { type, subjects } of events) {
    const id = newId('evt');
    const data = {
      subscription: subjects.subscription ?? null,
      checkout: subjects.checkout ?? null,
      invoice: subjects.invoice ?? null,
    };
    await client.query('insert into sandbox.event (id, type, data, created_at) values ($1, $2, $3, $4)', [
      id,
      type,
      JSON.stringify(data),
      now,
    ]);
    const dropped = Math.random() * 100 < set.drop_percent;
    for (let copy = 0; copy < (set.duplicate && !dropped ? COPIES : 1); copy++) {
      const wait = set.delay_seconds * 1000 + (set.reorder ? Math.random() * REORDER_MILLISECONDS : 0);
      await client.query('insert into sandbox.delivery (event_id, due_at, state) values ($1, $2, $3)', [
        id,
        new Date(Date.now() + wait),
        dropped ? 'dropped' : 'waiting',
      ]);
    }
  }
}
