import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import pg from 'pg';
import type { Db } from './db.ts';

const RECONNECT_DELAY_MS = 500;
const channels = ['preau_work', 'preau_instance'] as const;
export type Channel = (typeof channels)[number];
/** Each process proves on it that what is announced reaches it: a line may be dead without anybody noticing. */
const PULSE = 'preau_pulse';
const PULSE_MS = 1_000;
/** A line whose last pulse was sent longer ago may have missed something since. */
const PROVEN_MS = 3_000;

/** Tells listeners, when the transaction commits, that there is something to look at. Carries ids only. */
export async function notify(db: Db, channel: Channel, payload: Record<string, string>): Promise<void> {
  await db.query('SELECT pg_notify($1, $2)', [channel, JSON.stringify(payload)]);
}

/** One listening connection, fanned out to every listener of the process; reconnects by itself. */
export class Notifications {
  readonly #emitter = new EventEmitter().setMaxListeners(0);
  readonly #url: string;
  readonly #name = randomUUID();
  #client: pg.Client | undefined;
  #ended = false;
  #pulse: NodeJS.Timeout | undefined;
  /** When the first and the latest pulse that came back on this connection were sent (`performance.now()`). */
  #proven: { first: number; latest: number } | undefined;

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
    client.on('notification', ({ channel, payload }) => {
      const content: Record<string, string> = JSON.parse(payload ?? '{}');
      if (channel !== PULSE) this.#emitter.emit(channel, content);
      else if (content.from === this.#name && client === this.#client) this.#prove(Number(content.sentAt));
    });
    client.on('error', () => this.#again());
    client.on('end', () => this.#again());
    await client.connect();
    for (const channel of [...channels, PULSE]) await client.query(`LISTEN ${channel}`);
    const beat = () => {
      const content = JSON.stringify({ from: this.#name, sentAt: String(performance.now()) });
      // A broken connection is its `error` event's concern.
      client.query('SELECT pg_notify($1, $2)', [PULSE, content]).catch(() => {});
    };
    beat();
    this.#pulse = setInterval(beat, PULSE_MS).unref();
  }

  /**
   * Since when (`performance.now()`) every notification is known to have arrived, three seconds ago at the latest;
   * undefined where that cannot be told: the line broke, or a pooler between swallows what is announced.
   */
  provenSince(): number | undefined {
    if (!this.#proven || performance.now() - this.#proven.latest > PROVEN_MS) return undefined;
    return this.#proven.first;
  }

  #prove(sentAt: number): void {
    this.#proven = { first: this.#proven?.first ?? sentAt, latest: sentAt };
  }

  /** Calls back at every notification until the returned function is called. */
  on(channel: Channel, listener: (payload: Record<string, string>) => void): () => void {
    this.#emitter.on(channel, listener);
    return () => this.#emitter.off(channel, listener);
  }

  async stop(): Promise<void> {
    this.#ended = true;
    clearInterval(this.#pulse);
    await this.#client?.end();
  }

  #again(): void {
    if (this.#ended || !this.#client) return;
    this.#client = undefined;
    this.#proven = undefined;
    clearInterval(this.#pulse);
    setTimeout(() => {
      if (!this.#ended) this.start().catch(() => this.#again());
    }, RECONNECT_DELAY_MS).unref();
  }
}
