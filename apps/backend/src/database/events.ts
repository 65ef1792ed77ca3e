import { EventEmitter } from 'node:events';
import pg from 'pg';
import type { Db } from './db.ts';

const RECONNECT_DELAY_MS = 500;
const channels = ['preau_work', 'preau_instance'] as const;
export type Channel = (typeof channels)[number];

/** Tells listeners, when the transaction commits, that there is something to look at. Carries ids only. */
export async function notify(db: Db, channel: Channel, payload: Record<string, string>): Promise<void> {
  await db.query('SELECT pg_notify($1, $2)', [channel, JSON.stringify(payload)]);
}

/** One listening connection, fanned out to every listener of the process; reconnects by itself. */
export class Notifications {
  readonly #emitter = new EventEmitter().setMaxListeners(0);
  readonly #url: string;
  #client: pg.Client | undefined;
  #ended = false;

  constructor(url: string) {
    this.#url = url;
  }

  async start(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: 'preau-listen',
      keepAlive: true,
    });
    this.#client = client;
    client.on('notification', ({ channel, payload }) =>
      this.#emitter.emit(channel, JSON.parse(payload ?? '{}')),
    );
    client.on('error', () => this.#again());
    client.on('end', () => this.#again());
    await client.connect();
    for (const channel of channels) await client.query(`LISTEN ${channel}`);
  }

  /** Calls back at every notification until the returned function is called. */
  on(channel: Channel, listener: (payload: Record<string, string>) => void): () => void {
    this.#emitter.on(channel, listener);
    return () => this.#emitter.off(channel, listener);
  }

  async stop(): Promise<void> {
    this.#ended = true;
    await this.#client?.end();
  }

  #again(): void {
    if (this.#ended || !this.#client) return;
    this.#client = undefined;
    setTimeout(() => {
      if (!this.#ended) this.start().catch(() => this.#again());
    }, RECONNECT_DELAY_MS).unref();
  }
}
