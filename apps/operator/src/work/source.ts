import { jsonText } from '@preau/contract/jsonText';
import { Client } from 'pg';
import { z } from 'zod';
import type { Log } from '../log.ts';

const CHANNEL = 'preau_work';
/** The backend changed what an instance should be, or somebody said what it is. */
const INSTANCE_CHANNEL = 'preau_instance';
const POLL_MS = 5_000;
const RECONNECT_MS = 1_000;

const payload = z.object({ kind: z.enum(['inbox', 'operation']), id: z.string() });
export type WorkKind = z.infer<typeof payload>['kind'];

export interface WorkSource {
  /** True while notifications arrive; polling goes on in any case. */
  readonly listening: boolean;
  /** Looks now, without waiting for the database to say so. */
  hint(kind: WorkKind): void;
  stop(): Promise<void>;
}

/**
 * Calls `look` for a kind of work when the database says that there is some (`NOTIFY preau_work`), and for
 * every kind every five seconds: a notification is only a hint, and may be lost. Looks of one kind never
 * overlap; a hint that arrives during one is followed by another.
 * @param instanceChanged called at every notification about an instance, and where some may have been missed
 */
export function watchWork(
  databaseUrl: string,
  look: (kind: WorkKind) => Promise<void>,
  instanceChanged: () => void,
  log: Log,
): WorkSource {
  const looks = {
    inbox: serialise(() => look('inbox'), log),
    operation: serialise(() => look('operation'), log),
  };
  const all = () => {
    looks.operation();
    looks.inbox();
  };
  const poll = setInterval(all, POLL_MS);
  let client: Client | undefined;
  let listening = false;
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;

  async function connect(): Promise<void> {
    const next = new Client({
      connectionString: databaseUrl,
      application_name: 'operator work',
      keepAlive: true,
    });
    client = next;
    const lost = (error?: Error) => {
      if (client !== next) return;
      client = undefined;
      listening = false;
      if (stopped) return;
      log.warn({ error: error?.message }, 'notifications stopped, connecting again');
      retry = setTimeout(() => void connect(), RECONNECT_MS);
    };
    next.on('error', lost);
    next.on('end', () => lost());
    next.on('notification', ({ channel, payload: text }) => {
      if (channel === INSTANCE_CHANNEL) return instanceChanged();
      const work = jsonText.pipe(payload).safeParse(text);
      if (work.success) looks[work.data.kind]();
      else log.warn({ text }, 'a notification could not be read');
    });
    try {
      await next.connect();
      await next.query(`LISTEN ${CHANNEL}`);
      await next.query(`LISTEN ${INSTANCE_CHANNEL}`);
      listening = true;
      all();
      instanceChanged();
    } catch (error) {
      lost(error instanceof Error ? error : new Error(String(error)));
    }
  }
  void connect();

  return {
    get listening() {
      return listening;
    },
    hint: (kind) => looks[kind](),
    async stop() {
      stopped = true;
      clearInterval(poll);
      clearTimeout(retry);
      await client?.end().catch(() => undefined);
    },
  };
}

function serialise(work: () => Promise<void>, log: Log): () => void {
  let running = false;
  let again = false;
  return function run() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    work()
      .catch((error) => log.warn({ error: String(error) }, 'looking for work failed, trying again'))
      .finally(() => {
        running = false;
        if (!again) return;
        again = false;
        run();
      });
  };
}
