import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../../app.ts';
import { record } from '../../audit/record.ts';
import { storeKey, wholeBasePrefixOf } from '../../files/key.ts';
import { closeIncidentOf, openIncident } from '../../incidents/report.ts';
import type { Backups } from '../place.ts';
import { takeBase } from './base.ts';
import { outlivedWhole, readInventory, unbroken } from './inventory.ts';
import { receiveLog } from './receive.ts';
import { ensureSlot, identify, openReplication, SLOT } from './replication.ts';

const INCIDENT = 'backup:whole';
const RETRY_MS = 5_000;
const LOOK_MS = 10 * 60_000;
/** As many attempts in a row fail before somebody is woken. */
const PATIENCE = 12;
const HOUR_MS = 3_600_000;
/** SQLSTATE: another process receives the log. */
export const IN_USE = '55006';
/** SQLSTATE: the server no longer has the log that we ask for. */
const REMOVED = '58P01';

export interface Keeper {
  stop(): Promise<void>;
}

/**
 * Keeps the whole server: its log as it is written, a copy of its folder every day, and both for some days. Of
 * several backends one does, the one that holds the slot; the others wait for it to end.
 */
export function keepWhole(app: Pick<App, 'db' | 'log' | 'settings'>, backups: Backups, url: string): Keeper {
  const stopping = new AbortController();
  const platform = app.db({ kind: 'platform' });
  const incident = (title: string) =>
    openIncident(platform, {
      key: INCIDENT,
      instanceId: null,
      kind: 'backup',
      severity: 'critical',
      title: title.slice(0, 300),
    }).catch((err: unknown) => app.log.error({ err }, 'an incident was not noted'));

  async function look(system: string, timeline: number): Promise<void> {
    const { BACKUP_WHOLE_EVERY_HOURS, BACKUP_WHOLE_KEEP_DAYS } = app.settings;
    let inventory = await readInventory(backups, system);
    const newest = inventory.bases.findLast((base) => base.timeline === timeline);
    const age = newest ? Date.now() - Date.parse(newest.endedAt) : Number.POSITIVE_INFINITY;
    // A copy behind which the log has a gap leads nowhere: another one ends the time that nothing leads to.
    const broken = inventory.pieces.length > 0 && !unbroken(inventory);
    if (broken && newest)
      await incident('The log of the whole server has a gap: see npm run backup -- check');
    if (!newest || broken || age >= BACKUP_WHOLE_EVERY_HOURS * HOUR_MS) {
      const base = await takeBase(backups, url);
      await record(platform, {
        action: 'backup.whole-taken',
        target: base.id,
        details: { bytes: base.bytes },
      });
      inventory = await readInventory(backups, system);
    } else await closeIncidentOf(platform, INCIDENT);
    const gone = outlivedWhole(inventory, BACKUP_WHOLE_KEEP_DAYS, new Date());
    for (const { id } of gone.bases) await backups.store.removeAll(wholeBasePrefixOf(system, id));
    for (const { key } of gone.pieces) await backups.store.remove(storeKey(key));
  }

  async function session(): Promise<void> {
    const { system, timeline, from } = await begin(backups, url);
    const cutMs = app.settings.BACKUP_WHOLE_CUT_SECONDS * 1000;
    const receiver = await receiveLog(backups, url, { system, timeline, from, cutMs });
    try {
      await Promise.race([receiver.broken, looking(() => look(system, timeline), stopping.signal)]);
    } finally {
      await receiver.stop();
    }
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      const begun = Date.now();
      try {
        await session();
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : undefined;
        if (code === REMOVED) await dropSlot(url).catch(() => {});
        if (code !== IN_USE && !stopping.signal.aborted) {
          failures = Date.now() - begun > LOOK_MS ? 1 : failures + 1;
          app.log.warn({ err: error }, 'keeping the whole server was interrupted, trying again');
          if (failures === PATIENCE)
            await incident(`The whole server is not kept: ${error instanceof Error ? error.message : error}`);
        }
      }
      await sleep(RETRY_MS, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Where the log goes on: behind what is kept, or where the server still has it. */
export async function begin(
  backups: Backups,
  url: string,
): Promise<{ system: string; timeline: number; from: bigint }> {
  const client = await openReplication(url);
  try {
    const { system, timeline } = await identify(client);
    const held = await ensureSlot(client);
    const { pieces } = await readInventory(backups, system);
    const kept = pieces.findLast((piece) => piece.timeline === timeline)?.to ?? 0n;
    return { system, timeline, from: kept > held ? kept : held };
  } finally {
    await client.end();
  }
}

/** Lets the server drop what it holds for us. */
export async function dropSlot(url: string): Promise<void> {
  const client = await openReplication(url);
  try {
    await client.query(`DROP_REPLICATION_SLOT ${SLOT}`);
  } finally {
    await client.end();
  }
}

async function looking(look: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await look();
    await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
  }
}
