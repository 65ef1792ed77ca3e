/** A whole machine again, from the store of its backups and the key that opens it: database, keys, files. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { verifyPlatform } from '../apps/backend/src/audit/verify.ts';
import { verifyTenants } from '../apps/backend/src/audit/verifyTenants.ts';
import { tryBackup } from '../apps/backend/src/backups/drill.ts';
import type { Backups } from '../apps/backend/src/backups/place.ts';
import { bringFilesBack } from '../apps/backend/src/backups/restore.ts';
import { readManifest } from '../apps/backend/src/backups/take.ts';
import { type Inventory, readInventory, spansOf } from '../apps/backend/src/backups/whole/inventory.ts';
import { type Db, openDb } from '../apps/backend/src/database/db.ts';
import { readTenantTables } from '../apps/backend/src/database/isolation.ts';
import { ScopedPool } from '../apps/backend/src/database/pool.ts';
import { bootstrapRoles } from '../apps/backend/src/database/roles.ts';
import type { Scope } from '../apps/backend/src/database/scope.ts';
import { prefixOf } from '../apps/backend/src/files/key.ts';
import type { FileStore } from '../apps/backend/src/files/store.ts';
import { layKeysOut, readKeys } from './machineKeys.ts';
import { recoverServer } from './recover.ts';
import { Refusal } from './terminal.ts';

const CHECKSUM = /\/([0-9a-f]{64})(?:\.[a-z0-9]{1,12})?$/;

export interface Machine {
  /** Empty, or absent. */
  dataDir: string;
  files: FileStore;
  /** The first of BACKUP_KEYS. */
  backupKey: string;
  /** By default as late as the store leads to. */
  at?: Date | undefined;
  /** Of several servers that the store holds. */
  system?: string | undefined;
  /** For tests: no durability. */
  fast?: boolean;
  /** Runs one part and shows that it runs. */
  step<T>(title: string, work: (say: (detail: string) => void) => Promise<T>): Promise<T>;
}

/** What came back, and what is not as it was kept. */
export interface Rebuilt {
  system: string;
  at: Date;
  tenants: number;
  rows: number;
  files: number;
  /** Files that were added after the last backup of their tenant, by platform. */
  missing: { slug: string; files: number }[];
  differences: string[];
}

/** @throws Refusal where the machine is not empty, or the store does not lead back */
export async function rebuildMachine(backups: Backups, machine: Machine): Promise<Rebuilt> {
  const { dataDir, backupKey, fast, step } = machine;
  if (existsSync(join(dataDir, 'postgres')))
    throw new Refusal(`There is a database in ${dataDir} already. Choose an empty folder: DATA_DIR=…`);
  const { system, inventory } = await step('Looking for a server in the store', () =>
    findSystem(backups, machine.system),
  );
  const keys = await readKeys(backups, system);
  if (!keys)
    throw new Refusal(
      `The keys of server ${system}'s machine are not in the store: they are put there by WHOLE_BACKUPS=1 npm start, and by npm run backup -- whole.`,
    );
  const { at = null } = machine;
  const latest = latestOf(inventory);
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  const passwordSecret = layKeysOut(keys, dataDir, backupKey);
  const { password } = keys;
  const server = await step(`Recovering the database to ${(at ?? latest).toISOString()}`, () =>
    recoverServer(backups, inventory, { at, dataDir, password, ...(fast && { fast }) }),
  );
  try {
    const urls = await bootstrapRoles({
      superuserUrl: server.url,
      database: 'preau',
      passwordSecret,
    });
    const pool = new ScopedPool({ ...urls, size: 2 });
    try {
      const open = (scope: Scope) => openDb(pool, scope);
      const found = await rebuildTenants(open, { ...backups, databaseUrl: urls.backupUrl }, machine);
      return { system, at: at ?? latest, ...found };
    } finally {
      await pool.end();
    }
  } finally {
    await server.stop();
  }
}

/** The server whose newest copy is the latest, unless one is named. */
async function findSystem(
  backups: Backups,
  wanted: string | undefined,
): Promise<{ system: string; inventory: Inventory }> {
  const systems = new Set<string>();
  for await (const { key } of backups.store.list('whole/')) systems.add(key.split('/')[1] ?? '');
  const found = [];
  for (const system of systems)
    if (wanted === undefined || system === wanted)
      found.push({ system, inventory: await readInventory(backups, system) });
  const leading = found
    .filter(({ inventory }) => spansOf(inventory).length > 0)
    .sort((a, b) => latestOf(a.inventory).getTime() - latestOf(b.inventory).getTime());
  const newest = leading.at(-1);
  if (!newest)
    throw new Refusal(
      wanted
        ? `The store holds no whole copy of server ${wanted}.`
        : 'The store holds no whole copy of a server.',
    );
  return newest;
}

function latestOf(inventory: Inventory): Date {
  return spansOf(inventory).at(-1)?.until ?? new Date(0);
}

interface Kept {
  id: string;
  slug: string;
  /** The newest backup. */
  backupId: string | null;
}

async function rebuildTenants(
  open: (scope: Scope) => Db,
  backups: Backups,
  { files: store, dataDir, step }: Machine,
): Promise<Omit<Rebuilt, 'system' | 'at'>> {
  const platform = open({ kind: 'platform' });
  const tenants = await platform.query<Kept & Record<string, unknown>>(TENANTS);
  const missing: Rebuilt['missing'] = [];
  let files = 0;
  await step(`Files of ${tenants.length} platforms`, async (say) => {
    for (const [index, { id, slug, backupId }] of tenants.entries()) {
      say(`${index + 1} of ${tenants.length}`);
      if (backupId) {
        const kept = await readManifest(backups, id, backupId);
        await bringFilesBack(store, backups, kept, id, async () => {});
      }
      const there = new Set<string>();
      for await (const { key } of store.list(prefixOf(id))) {
        files += 1;
        there.add(CHECKSUM.exec(key)?.[1] ?? key);
      }
      const named = await open({ kind: 'tenant', tenantId: id }).query<{ checksum: string }>(
        'SELECT DISTINCT checksum FROM assets',
      );
      const absent = named.filter(({ checksum }) => !there.has(checksum)).length;
      if (absent > 0) missing.push({ slug, files: absent });
    }
  });
  let rows = 0;
  await step('Counting rows', async () => {
    const tables = await tenantTables(backups.databaseUrl);
    const counts = tables.map((name) => `(SELECT count(*) FROM "${name}")`).join(' + ');
    for (const { id } of tenants) {
      const db = open({ kind: 'tenant', tenantId: id });
      rows += (await db.one<{ rows: number }>(`SELECT (${counts})::int AS rows`)).rows;
    }
  });
  const differences = await step('Logs', () => verifyLogs(open, dataDir));
  await step('Trying each platform’s backup beside it', async (say) => {
    for (const [index, { id, slug, backupId }] of tenants.entries()) {
      say(`${index + 1} of ${tenants.length}`);
      if (!backupId) continue;
      const tried = await tryBackup({ db: open }, backups, { id: backupId, tenantId: id }, async () => {});
      differences.push(...tried.differences.map((name) => `${slug}: ${name}`));
    }
  });
  return { tenants: tenants.length, rows, files, missing, differences };
}

async function tenantTables(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    return (await readTenantTables(client)).map(({ name }) => name);
  } finally {
    await client.end();
  }
}

async function verifyLogs(open: (scope: Scope) => Db, dataDir: string): Promise<string[]> {
  const platform = open({ kind: 'platform' });
  const { breach } = await verifyPlatform(platform, dataDir);
  const { broken } = await verifyTenants(platform, open);
  return [
    ...(breach ? [`the platform's log: entry ${breach.seq}`] : []),
    ...broken.map(({ slug, breach }) => `${slug}'s log: entry ${breach.seq}`),
  ];
}

const TENANTS = `
SELECT t.id, t.slug, (SELECT b.id FROM backups b WHERE b.tenant_id = t.id AND b.state = 'succeeded'
  ORDER BY b.taken_at DESC LIMIT 1) AS "backupId"
FROM tenants t WHERE t.state NOT IN ('purged', 'aside') ORDER BY t.slug`;
