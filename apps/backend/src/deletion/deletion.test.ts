import assert from 'node:assert/strict';
import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { storeAsset } from '../assets/store.ts';
import { house } from '../mail/letter.ts';
import { post } from '../mail/post.ts';
import { courtyard } from '../seed/drawings.ts';
import { seedTenant } from '../seed/tenant.ts';
import { type TestBackend, testBackend } from '../testing/backend.ts';
import { type Customer, customer, mailKinds, paidInstance } from '../testing/customer.ts';

const CANARY = `canari-${randomBytes(6).toString('hex')}`;
let backend: TestBackend;
let owner: Customer;
let ownerUrl = '';
let folder = '';

before(async () => {
  backend = await testBackend(async ({ superuserUrl }) => {
    ownerUrl = superuserUrl;
    return {};
  });
  owner = await customer(backend, 'partant');
  folder = backend.app.settings.DATA_DIR;
});
after(() => backend.close());

/** Where a word stands: tables of every schema, and files under the data folder. */
async function places(word: string): Promise<string[]> {
  const found: string[] = [];
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  const { rows } = await client.query<{ schema: string; name: string }>(
    `SELECT schemaname AS schema, tablename AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  for (const { schema, name } of rows) {
    const table = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;
    const { rowCount } = await client.query(`SELECT 1 FROM ${table} t WHERE t::text ILIKE $1 LIMIT 1`, [
      `%${word}%`,
    ]);
    if (rowCount) found.push(`${schema}.${name}`);
  }
  await client.end();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    if (path.includes(word) || (await readFile(path)).includes(word)) found.push(path.slice(folder.length));
  }
  return found.sort();
}

test('a purge leaves nothing of a full platform, and its certificate says so', async () => {
  const { hub, operator, platform, app } = backend;
  const { instanceId } = await paidInstance(backend, owner, 'depart');
  const neighbour = await paidInstance(backend, owner, 'reste');
  const params = { instanceId };
  await operator.ensureTenant({ params });
  await operator.ensureTenant({ params: { instanceId: neighbour.instanceId } });
  const { tenantId } = await platform.one<{ tenantId: string }>(
    `UPDATE instances SET lifecycle = 'live', name = $2 WHERE id = $1 RETURNING tenant_id AS "tenantId"`,
    [instanceId, `École ${CANARY}`],
  );
  const db = app.db({ kind: 'tenant', tenantId });
  await seedTenant(app, db);
  await db.query(`UPDATE users SET name = $1 || ' ' || email, email = $1 || '-' || email`, [CANARY]);
  await db.query(`UPDATE site_settings SET name = $1`, [CANARY]);
  await db.query(`UPDATE activities SET title = $1 || title`, [CANARY]);
  await storeAsset(app, db, {
    source: { bytes: await courtyard({ arches: 3, lit: 1, sky: '#cfe6da' }) },
    name: `${CANARY}.png`,
    alt: CANARY,
    uploadedBy: null,
  });
  const letter = { kind: 'test', subject: CANARY, paragraphs: [CANARY], small: [] };
  await post(platform, {
    to: `${CANARY}@demo.test`,
    locale: 'fr',
    sender: { ...house, tenantId },
    letter: letter as unknown as Parameters<typeof post>[1]['letter'],
  });
  const { id: backupId } = await platform.one<{ id: string }>(
    `INSERT INTO backups (tenant_id, kind, requested_by) VALUES ($1, 'manual', 'test') RETURNING id`,
    [tenantId],
  );
  await app.jobs.start({ kind: 'backup', id: backupId });
  await hub.createExport({ session: owner.session, params });
  for (;;) {
    const { open } = await platform.one<{ open: boolean }>(
      `SELECT EXISTS (SELECT 1 FROM backups WHERE state IN ('queued', 'running'))
         OR EXISTS (SELECT 1 FROM exports WHERE state IN ('queued', 'running')) AS open`,
    );
    if (!open) break;
    await sleep(100);
  }
  const failed = await platform.query(
    `SELECT error FROM exports WHERE state <> 'succeeded' UNION ALL SELECT error FROM backups WHERE state <> 'succeeded'`,
  );
  assert.deepEqual(failed, []);
  const before = await places(CANARY);
  for (const table of [
    'public.users',
    'public.activities',
    'public.assets',
    'public.mails',
    'public.instances',
  ])
    assert.ok(before.includes(table), table);
  assert.ok((await places(tenantId)).some((place) => place.startsWith('/files/')));
  assert.ok((await places(tenantId)).some((place) => place.startsWith('/backups/')));

  await assert.rejects(operator.purgeTenant({ params }));
  await platform.query(`UPDATE instances SET wanted = 'absent' WHERE id = $1`, [instanceId]);
  const first = await operator.purgeTenant({ params });
  assert.ok(first.rows > 0);
  assert.deepEqual(await operator.purgeTenant({ params }), { rows: 0, files: 0 });

  assert.deepEqual(await places(CANARY), []);
  assert.deepEqual(
    (await places(tenantId)).filter((place) => !place.startsWith('public.') && !place.startsWith('jobs.')),
    [],
  );

  const certificate = await hub.getDeletionCertificate({ session: owner.session, params });
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: certificate.publicKey },
    format: 'jwk',
  });
  const signature = Buffer.from(certificate.signature, 'base64url');
  assert.ok(verify(null, Buffer.from(certificate.statement), key, signature));
  assert.ok(!verify(null, Buffer.from(certificate.statement.replace('"left"', '"lost"')), key, signature));
  const said = JSON.parse(certificate.statement);
  assert.equal(said.tables.users, 7);
  assert.equal(said.backups, 1);
  assert.ok(said.files > 3);
  assert.deepEqual(said.left, { rows: 0, files: 0, backups: 0 });
  assert.doesNotMatch(certificate.statement, /@|demo\.test/);
  const noted = await platform.one<{ details: string }>(
    `SELECT details FROM platform_audit_entries WHERE action = 'deletion.certified'`,
  );
  assert.equal(JSON.parse(noted.details).digest, certificate.digest);

  assert.ok((await mailKinds(backend, owner.email)).includes('platform-deleted'));
  for (const [locale, title] of [
    ['fr', 'fr'],
    ['en', 'en'],
  ] as const) {
    const answer = await hub.downloadDeletionCertificate({ session: owner.session, params, locale });
    const pdf = Buffer.from(await answer.arrayBuffer()).toString('latin1');
    assert.match(pdf, /^%PDF-1\.7/);
    assert.ok(pdf.includes(`/Lang (${title})`));
    assert.ok(!pdf.includes(CANARY));
  }

  const stranger = await customer(backend, 'curieux');
  await assert.rejects(hub.downloadDeletionCertificate({ session: stranger.session, params }));
  await assert.rejects(hub.getDeletionCertificate({ session: stranger.session, params }));
  await assert.rejects(
    hub.getDeletionCertificate({ session: owner.session, params: { instanceId: neighbour.instanceId } }),
  );
});
