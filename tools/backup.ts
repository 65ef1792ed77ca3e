/**
 * `npm run backup -- whole`: copies the whole server as it runs, the part of its log that makes the copy whole, and
 * this machine's keys but for the one that seals.
 * `npm run backup -- check`: tells which moments can be gone back to; ends with 1 where the log has a gap.
 * Both are done by the backend itself where DATABASE_REPLICATION_URL is set (`WHOLE_BACKUPS=1 npm start`).
 */
import { takeBase } from '../apps/backend/src/backups/whole/base.ts';
import { readInventory, spansOf, unbroken } from '../apps/backend/src/backups/whole/inventory.ts';
import { begin, dropSlot, IN_USE } from '../apps/backend/src/backups/whole/keeper.ts';
import { receiveLog } from '../apps/backend/src/backups/whole/receive.ts';
import { keepKeys } from './machineKeys.ts';
import { defaultDataDir } from './paths.ts';
import { findServer } from './server.ts';
import { fail, Refusal, step } from './terminal.ts';
import { backupsOf, systemOf } from './whole.ts';

const MB = 1024 * 1024;
const CUT_MS = 60_000;

const dataDir = defaultDataDir();

async function backup(command: string | undefined): Promise<void> {
  if (command !== 'whole' && command !== 'check')
    throw new Refusal('Say what to do: npm run backup -- whole, or npm run backup -- check.');
  const server = await findServer(dataDir);
  try {
    const { replicationUrl } = server;
    if (!replicationUrl)
      throw new Refusal(
        'No role may copy the whole server: set DATABASE_REPLICATION_URL to one with REPLICATION.',
      );
    const backups = await backupsOf(dataDir, server);
    const system = await systemOf(replicationUrl);
    if (command === 'whole') {
      await takeWhole(backups, replicationUrl);
      await keepKeys(backups, system, dataDir);
    }
    const inventory = await readInventory(backups, system);
    const spans = spansOf(inventory);
    for (const { from, until } of spans) console.log(`✓ ${from.toISOString()} – ${until.toISOString()}`);
    if (spans.length === 0) throw new Refusal('No moment can be gone back to: run npm run backup -- whole.');
    if (command === 'check' && !unbroken(inventory)) {
      console.error('✗ The log has a gap behind the newest copy; the next copy ends it.');
      process.exitCode = 1;
    }
  } finally {
    await server.leave();
  }
}

async function takeWhole(backups: Awaited<ReturnType<typeof backupsOf>>, url: string): Promise<void> {
  // Where a backend receives the log already, the slot is in use.
  const place = await begin(backups, url);
  const receiver = await receiveLog(backups, url, { ...place, cutMs: CUT_MS });
  let busy = false;
  const interrupted = receiver.broken.catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === IN_USE)) throw error;
    busy = true;
    return new Promise<never>(() => {});
  });
  const base = await step('Copying the server', async (say) => {
    const taken = await Promise.race([takeBase(backups, url), interrupted]);
    say(`${Math.round(taken.bytes / MB)} MB, ${Math.round(taken.stored / MB)} MB sealed`);
    return taken;
  });
  if (busy) return;
  await receiver.flush(base.end);
  await receiver.stop();
  await dropSlot(url);
}

await backup(process.argv[2]).catch(fail);
