/** The whole server as it was at a moment, in a folder of its own beside the living one. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Backups } from '../apps/backend/src/backups/place.ts';
import type { Inventory } from '../apps/backend/src/backups/whole/inventory.ts';
import { layOut, NOTHING_SINCE, toTheEnd } from '../apps/backend/src/backups/whole/layOut.ts';
import { type Postgres, serverOwner, startPostgres } from './postgres.ts';
import { Refusal } from './terminal.ts';

/** Reading a week of the log takes its time. */
const RECOVERY_TIMEOUT_MS = 6 * 3_600_000;

/**
 * Recovers into `dataDir` and starts the server there, ready to be read and written.
 * @param dataDir absent or empty
 * @param at null: as late as the store leads to
 * @param password of the superuser `postgres`, as it was at the moment
 */
export async function recoverServer(
  backups: Backups,
  inventory: Inventory,
  { at, dataDir, password, fast }: { at: Date | null; dataDir: string; password: string; fast?: boolean },
): Promise<Postgres> {
  const folder = join(dataDir, 'postgres');
  mkdirSync(folder, { recursive: true });
  chmodSync(dataDir, 0o711);
  const { settings } = await layOut(backups, inventory, at, folder);
  writeFileSync(join(folder, 'server.json'), JSON.stringify({ port: 0, password }), { mode: 0o600 });
  const owner = serverOwner();
  if (owner) {
    const given = spawnSync('chown', ['-R', `${owner.uid}:${owner.gid}`, folder]);
    if (given.status !== 0) throw new Refusal(`The folder could not be handed over: ${given.stderr}`);
  }
  const start = (wanted: Record<string, string>) =>
    startPostgres({ dataDir, settings: wanted, timeoutMs: RECOVERY_TIMEOUT_MS, ...(fast && { fast }) });
  const server = await start(settings).catch((error: unknown) => {
    if (!(error instanceof Error && error.message.includes(NOTHING_SINCE))) throw error;
    return start(toTheEnd(settings));
  });
  rmSync(join(folder, 'wal'), { recursive: true, force: true });
  return server;
}
