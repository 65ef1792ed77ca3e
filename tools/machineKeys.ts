/**
 * A machine's keys in the store of its backups, sealed like everything there, so that another machine can go on as it.
 * The key that seals is not among them: whoever has it and the store has everything (decision 165).
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { type Backups, keep, recall } from '../apps/backend/src/backups/place.ts';
import { storeKey, wholeKeysKey, wholePrefixOf } from '../apps/backend/src/files/key.ts';
import { Refusal } from './terminal.ts';

const machineKeys = z.object({
  /** The files of the folder `secrets`, by their names. */
  files: z.record(z.string().regex(/^[\w.-]+\.json$/), z.string()),
  /** Of PostgreSQL's superuser. */
  password: z.string(),
});
export type MachineKeys = z.infer<typeof machineKeys>;

const secretsFile = z.record(z.string(), z.unknown());
const SECRETS = 'secrets.json';

/** The keys of this machine that stay from start to start; undefined where its database is another's. */
function ownKeys(dataDir: string): MachineKeys | undefined {
  const note = join(dataDir, 'postgres/server.json');
  if (!existsSync(note)) return undefined;
  const { password } = z.object({ password: z.string() }).parse(JSON.parse(readFileSync(note, 'utf8')));
  const folder = join(dataDir, 'secrets');
  const files = Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => {
        const text = readFileSync(join(folder, name), 'utf8');
        if (name !== SECRETS) return [name, text];
        const { backupKey: _, databaseSecret: __, ...rest } = secretsFile.parse(JSON.parse(text));
        return [name, JSON.stringify(rest)];
      }),
  );
  return { files, password };
}

/** Keeps this machine's keys where they are not kept already. */
export async function keepKeys(backups: Backups, system: string, dataDir: string): Promise<void> {
  const own = ownKeys(dataDir);
  if (!own) return;
  const known = await readKeys(backups, system);
  if (known && JSON.stringify(known) === JSON.stringify(own)) return;
  await keep(
    backups,
    wholeKeysKey(system, new Date()),
    Readable.from([Buffer.from(JSON.stringify(machineKeys.parse(own)))]),
  );
}

/** The newest keys that are kept of a server's machine. */
export async function readKeys(backups: Backups, system: string): Promise<MachineKeys | undefined> {
  const keys: string[] = [];
  for await (const { key } of backups.store.list(wholePrefixOf(system, 'keys'))) keys.push(key);
  const newest = keys.sort().at(-1);
  if (!newest) return undefined;
  const text = await buffer(await recall(backups, storeKey(newest)));
  return machineKeys.parse(JSON.parse(text.toString()));
}

/**
 * Lays keys out on a machine that has none.
 * @returns what the passwords of its database's roles are to be derived from: another secret at each start
 * @throws Refusal where it has some
 */
export function layKeysOut({ files }: MachineKeys, dataDir: string, backupKey: string): string {
  const folder = join(dataDir, 'secrets');
  if (existsSync(folder)) throw new Refusal(`There are keys in ${folder} already.`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const own = { backupKey, databaseSecret: randomBytes(32).toString('base64url') };
  for (const [name, text] of Object.entries(files)) {
    const content = secretsFile.parse(JSON.parse(text));
    writeFileSync(
      join(folder, name),
      `${JSON.stringify(name === SECRETS ? { ...content, ...own } : content, null, 2)}\n`,
      { mode: 0o600 },
    );
  }
  return own.databaseSecret;
}
