import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { verify } from '../audit/verify.ts';
import { readActivityPage } from '../courses/activity.ts';
import { readCoursePage } from '../courses/page.ts';
import { type Db, openDb } from '../database/db.ts';
import { readTenantTables } from '../database/isolation.ts';
import { tenantOf } from '../database/tenant.ts';
import { folderStore } from '../files/folder.ts';
import { backupKey, prefixOf, randomKey, storeKey } from '../files/key.ts';
import { DEMO_PASSWORD, seedTenant } from '../seed/tenant.ts';
import { type TestKeeping, testKeeping } from '../testing/keeping.ts';
import { type TestTenants, testTenants } from '../testing/tenants.ts';
import { signInByPassword } from '../testing/users.ts';
import { Checksum } from './checksum.ts';
import { readKeyring } from './cipher.ts';
import { tryBackup } from './drill.ts';
import type { Manifest } from './manifest.ts';
import { type Backups, keep } from './place.ts';
import { deleteBackupsOf, prune } from './prune.ts';
import { restore } from './restore.ts';
import { readRows } from './rows.ts';
import { readManifest, take } from './take.ts';

const SLUG = 'accueillir-un-nouvel-apprenant';
const quiet = async () => {};

describe('a tenant that is kept', () => {
  let tenants: TestTenants;
  let app: TestKeeping;
  let backups: Backups;
  let tenantId: string;
  let kept: Manifest;

  const noted = async (db: Db) =>
    (
      await tenants.platform.one<{ id: string }>(
        `INSERT INTO backups (tenant_id, kind, requested_by) VALUES ($1, 'manual', 'test') RETURNING id`,
        [tenantOf(db)],
      )
    ).id;
  const takeOf = async (db: Db) => take(app, backups, await noted(db), quiet);
  const newTenant = async (slug: string): Promise<Db> => {
    const { id } = await tenants.platform.one<{ id: string }>(
      'INSERT INTO tenants (slug, name) VALUES ($1, $1) RETURNING id',
      [slug],
    );
    return openDb(tenants.pool, { kind: 'tenant', tenantId: id });
  };
  /** Every table of a tenant by count and checksum. */
  const sums = (db: Db) =>
    db.transaction(async (tx) => {
      await tx.query("SET LOCAL TimeZone = 'UTC'");
      const found: Record<string, string> = {};
      for (const { name } of kept.tables) {
        const sum = new Checksum();
        const query = async (text: string) => ({ rows: await tx.query<{ json: string }>(text) });
        for await (const json of readRows(query, name)) sum.add(JSON.parse(json));
        found[name] = `${sum.count} ${sum}`;
      }
      return found;
    });
  const keysOf = async (db: Db) => {
    const keys: string[] = [];
    for await (const { key } of app.files.list(prefixOf(tenantOf(db)))) keys.push(key);
    return keys.sort();
  };
  const copies = async () => {
    let count = 0;
    for await (const { key } of backups.store.list(`backups/${tenantId}/files/`)) if (key) count += 1;
    return count;
  };

  before(async () => {
    tenants = await testTenants();
    app = await testKeeping(tenants);
    const staging = join(app.folder, 'backups-staging');
    await mkdir(staging, { recursive: true });
    backups = {
      store: folderStore(join(app.folder, 'kept')),
      keyring: readKeyring([randomBytes(32).toString('base64url')]),
      databaseUrl: tenants.backupUrl,
      staging,
    };
    await seedTenant(app, tenants.db);
    await seedTenant(app, tenants.neighbour);
    await signInByPassword(tenants.db, 'apprenant@demo.test', DEMO_PASSWORD);
    tenantId = tenantOf(tenants.db);
    kept = await takeOf(tenants.db);
  });
  after(async () => {
    await tenants.close();
    await app.close();
  });

  test('a backup holds every table of the catalogue, and only rows of its tenant', async () => {
    const client = new pg.Client({ connectionString: tenants.backupUrl });
    await client.connect();
    const catalogue = await readTenantTables(client);
    // Unbound, its role sees nothing; and it changes nothing.
    assert.deepEqual((await client.query('SELECT id FROM users')).rows, []);
    await assert.rejects(client.query('DELETE FROM users'), /permission denied/);
    await assert.rejects(client.query('SELECT id FROM accounts'), /permission denied/);
    await client.end();
    assert.deepEqual(kept.tables.map(({ name }) => name).sort(), catalogue.map(({ name }) => name).sort());
    const rowsOf = (name: string) => kept.tables.find((table) => table.name === name)?.rows;
    assert.equal(rowsOf('users'), 7);
    assert.equal(rowsOf('courses'), 2);
    assert.ok((rowsOf('activities') ?? 0) > 5);
    assert.ok(kept.files.length >= 2);
    assert.equal(kept.platform.slug, 'atelier');
  });

  test('nothing in the store can be read without the key', async () => {
    for await (const { key } of backups.store.list(`backups/${tenantId}/`)) {
      const bytes = await backups.store.read(storeKey(key));
      for (const word of ['demo.test', 'Nadia', 'preau-backup-1', 'PNG'])
        assert.ok(!bytes.includes(word), `${key} shows ${word}`);
    }
    const stranger = { ...backups, keyring: readKeyring([randomBytes(32).toString('base64url')]) };
    await assert.rejects(readManifest(stranger, tenantId, kept.backupId), /BACKUP_KEYS/);
  });

  test('a second backup copies no file again', async () => {
    const before = await copies();
    const second = await takeOf(tenants.db);
    assert.equal(await copies(), before);
    assert.deepEqual(second.files, kept.files);
  });

  test('a drill finds everything as it was kept and leaves nothing behind', async () => {
    const before = await tenants.platform.query('SELECT id FROM tenants ORDER BY id');
    const result = await tryBackup(app, backups, { id: kept.backupId, tenantId }, quiet);
    assert.deepEqual(result.differences, []);
    assert.equal(result.tables, kept.tables.length);
    assert.ok(result.rows > 30);
    assert.deepEqual(await tenants.platform.query('SELECT id FROM tenants ORDER BY id'), before);
  });

  test('a damaged copy is found by the drill', async () => {
    const damaged = await takeOf(tenants.db);
    const [file] = damaged.files;
    assert.ok(file);
    const key = storeKey(file.copy);
    const whole = await backups.store.read(key);
    const bytes = Buffer.from(whole);
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1;
    await backups.store.put(key, { bytes });
    const result = await tryBackup(app, backups, { id: damaged.backupId, tenantId }, quiet);
    assert.deepEqual(result.differences, [file.key]);
    await backups.store.put(key, { bytes: whole });
  });

  test('a restore brings back what was deleted and changed, ends sessions, and touches nobody else', async () => {
    const { db, neighbour } = tenants;
    const before = await sums(db);
    const neighbours = await sums(neighbour);
    const neighboursFiles = await keysOf(neighbour);
    await db.query(`UPDATE users SET name = 'Changé', role = 'learner'`);
    await db.query(
      'DELETE FROM enrolments WHERE NOT EXISTS (SELECT 1 FROM credentials c WHERE c.enrolment_id = enrolments.id)',
    );
    await db.query(`INSERT INTO users (email, name) VALUES ('nouveau@demo.test', 'Nouveau')`);
    for (const key of await keysOf(db)) await app.files.remove(storeKey(key));

    await restore(
      app,
      backups,
      { id: randomUUID(), tenantId, backup: { id: kept.backupId, tenantId } },
      quiet,
    );

    const now = await sums(db);
    const log = new Set(['audit_chains', 'audit_entries', 'audit_particulars']);
    const ended = new Set(['user_sessions', 'user_tokens', 'user_challenges', 'user_throttles', 'uploads']);
    for (const { name } of kept.tables) {
      if (log.has(name)) continue;
      if (ended.has(name)) assert.match(now[name] ?? '', /^0 /, name);
      else assert.equal(now[name], before[name], name);
    }
    assert.deepEqual(await keysOf(db), kept.files.map(({ key }) => key).sort());
    assert.deepEqual(await sums(neighbour), neighbours);
    assert.deepEqual(await keysOf(neighbour), neighboursFiles);
    // The log was not rewound: it goes on, and says what happened.
    const { intact, entries } = await verify(db, []);
    assert.ok(intact);
    assert.ok(entries > 0);
    const last = await db.one('SELECT action, target FROM audit_entries ORDER BY seq DESC LIMIT 1');
    assert.deepEqual(last, { action: 'platform.restored', target: kept.backupId });
    const again = await signInByPassword(db, 'apprenant@demo.test', DEMO_PASSWORD);
    assert.equal((await readCoursePage(db, again.user, SLUG)).modules.length, 2);
  });

  test('a restore that fails leaves everything as it was', async () => {
    const { db } = tenants;
    const broken = await takeOf(db);
    const key = backupKey(tenantId, broken.backupId, 'rows');
    const whole = await backups.store.read(key);
    const bytes = Buffer.from(whole);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    await backups.store.put(key, { bytes });
    const before = await sums(db);
    await assert.rejects(
      restore(app, backups, { id: randomUUID(), tenantId, backup: { id: broken.backupId, tenantId } }, quiet),
    );
    assert.deepEqual(await sums(db), before);
  });

  test('a backup of another tenant becomes a copy with ids of its own', async () => {
    const copy = await newTenant('copie');
    await restore(
      app,
      backups,
      { id: randomUUID(), tenantId: tenantOf(copy), backup: { id: kept.backupId, tenantId } },
      quiet,
    );
    const { user } = await signInByPassword(copy, 'apprenant@demo.test', DEMO_PASSWORD);
    const page = await readCoursePage(copy, user, SLUG);
    const original = await readCoursePage(tenants.db, user, SLUG);
    assert.equal(page.modules.length, original.modules.length);
    const ids = (of: typeof page) => of.modules.flatMap(({ activities }) => activities.map(({ id }) => id));
    assert.equal(ids(page).length, ids(original).length);
    for (const id of ids(page)) assert.ok(!ids(original).includes(id));
    // Texts, rules and pictures name the copy's own.
    const first = ids(page)[0] ?? '';
    assert.equal(
      (await readActivityPage(copy, user, first, 'fr', () => '')).title,
      original.modules[0]?.activities[0]?.title,
    );
    const everything = JSON.stringify(
      await copy.query(`SELECT to_jsonb(a) AS a FROM activities a UNION ALL SELECT to_jsonb(s) FROM assets s
        UNION ALL SELECT to_jsonb(u) FROM asset_uses u UNION ALL SELECT to_jsonb(e) FROM enrolments e`),
    );
    for (const { id } of await tenants.db.query<{ id: string }>(
      'SELECT id FROM activities UNION SELECT id FROM assets UNION SELECT id FROM users',
    ))
      assert.ok(!everything.includes(id), id);
    assert.ok(!everything.includes(tenantId));
    for (const { path } of await copy.query<{ path: string }>('SELECT path FROM assets'))
      assert.ok((await app.files.size(storeKey(path))) !== null, path);
    const last = await copy.one<{ details: string }>(
      `SELECT details FROM audit_entries WHERE action = 'platform.restored'`,
    );
    assert.equal(JSON.parse(last.details).sourceTenant, tenantId);
    assert.ok((await verify(copy, [])).intact);
  });

  test('a backup of a newer schema is refused in words', async () => {
    const newer = await takeOf(tenants.db);
    const manifest = { ...newer, migration: '20991231_000000_later' };
    const key = backupKey(tenantId, newer.backupId, 'manifest');
    await keep(
      backups,
      key,
      (async function* () {
        yield Buffer.from(JSON.stringify(manifest));
      })(),
    );
    await assert.rejects(
      restore(app, backups, { id: randomUUID(), tenantId, backup: { id: newer.backupId, tenantId } }, quiet),
      /newer version/,
    );
  });

  test('copies that no backup names are dropped, the others stay', async () => {
    const key = randomKey(tenantId, 'packages');
    await app.files.put(key, { bytes: Buffer.from('only once') });
    await takeOf(tenants.db);
    await app.files.remove(key);
    await tenants.platform.query(`UPDATE backups SET taken_at = taken_at - interval '400 days'`);
    const last = await takeOf(tenants.db);
    const settings = { BACKUP_KEEP_DAILY: 1, BACKUP_KEEP_WEEKLY: 0, BACKUP_KEEP_MONTHLY: 0 };
    await prune({ ...app, settings } as unknown as Parameters<typeof prune>[0], backups, tenantId);
    assert.equal(await copies(), last.files.length);
    assert.deepEqual((await tryBackup(app, backups, { id: last.backupId, tenantId }, quiet)).differences, []);
    assert.equal(await deleteBackupsOf(app, backups, tenantId), 1);
    for await (const { key: left } of backups.store.list(`backups/${tenantId}/`)) assert.fail(left);
  });
});
