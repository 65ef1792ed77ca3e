import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readCoursePackage } from '@preau/elearning/coursePackage';
import { readZip, type ZipEntry } from '@preau/elearning/zip';
import { zipSync } from 'fflate';
import type { Db } from '../database/db.ts';
import { fileKey } from '../files/key.ts';
import { seedTenant } from '../seed/tenant.ts';
import { type TestBackend, testBackend } from '../testing/backend.ts';
import { type Customer, customer, mailKinds, paidInstance } from '../testing/customer.ts';
import { exportTenant } from './job.ts';
import { readExportToken, signExport } from './link.ts';

const FORMULA = '=HYPERLINK("http://evil.test")';

describe('everything of a platform in open formats', () => {
  let backend: TestBackend;
  let owner: Customer;
  let instanceId: string;
  let db: Db;
  let entries: Map<string, ZipEntry>;
  let exportId: string;
  const text = (path: string) => Buffer.from(entries.get(path)?.read() ?? '').toString();
  const fetchUrl = (url: string) => fetch(url.replace(/^http:\/\/api\.[^/]+/, backend.url));

  before(async () => {
    backend = await testBackend();
    owner = await customer(backend, 'proprio');
    ({ instanceId } = await paidInstance(backend, owner, 'musee'));
    await backend.operator.ensureTenant({ params: { instanceId } });
    const { tenantId } = await backend.platform.one<{ tenantId: string }>(
      `UPDATE instances SET lifecycle = 'suspended', wanted = 'suspended' WHERE id = $1 RETURNING tenant_id AS "tenantId"`,
      [instanceId],
    );
    db = backend.app.db({ kind: 'tenant', tenantId });
    await seedTenant(backend.app, db);
    await db.query(`UPDATE users SET name = $1 WHERE email = 'karim.haddad@demo.test'`, [FORMULA]);

    const { session } = owner;
    const begun = await backend.hub.createExport({ session, params: { instanceId } });
    assert.equal((await backend.hub.createExport({ session, params: { instanceId } })).id, begun.id);
    exportId = begun.id;
    for (;;) {
      const { items } = await backend.hub.listExports({ session, params: { instanceId } });
      if (items[0]?.state === 'succeeded') break;
      const { error } = await backend.platform.one<{ error: string | null }>('SELECT error FROM exports');
      assert.equal(error, null);
      await sleep(100);
    }
    const { url } = await backend.hub.openExport({ session, params: { instanceId, exportId } });
    const answer = await fetchUrl(url);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-disposition') ?? '', /^attachment; filename="preau-musee-/);
    const bytes = Buffer.from(await answer.arrayBuffer());
    entries = new Map(readZip(bytes).map((entry) => [entry.path, entry]));
  });
  after(() => backend.close());

  test('its owner gets it while it is suspended, and a mail says so', async () => {
    const [{ counts } = { counts: null }] = (
      await backend.hub.listExports({ session: owner.session, params: { instanceId } })
    ).items;
    assert.equal(counts?.courses, 2);
    assert.equal(counts?.people, 7);
    assert.ok((await mailKinds(backend, owner.email)).includes('export-ready'));
    const acts = await backend.platform.query<{ action: string }>(
      `SELECT action FROM platform_audit_entries WHERE action LIKE 'export.%' ORDER BY seq`,
    );
    assert.deepEqual(
      acts.map(({ action }) => action),
      ['export.requested', 'export.downloaded'],
    );
  });

  test('a course’s folder, zipped, is read back as the course it was', async () => {
    const folder = 'courses/accueillir-un-nouvel-apprenant/';
    const own = [...entries.values()].filter(({ path }) => path.startsWith(folder));
    const archive = zipSync(
      Object.fromEntries(own.map(({ path, read }) => [path.slice(folder.length), read()])),
    );
    const course = readCoursePackage(archive, { fileName: 'cours.zip' });
    const { rows } = await db.one<{ rows: { module: string; titles: string[] }[] }>(
      `SELECT json_agg(json_build_object('module', m.title, 'titles', (SELECT json_agg(a.title ORDER BY a.position)
         FROM activities a WHERE a.module_id = m.id AND a.type = 'lesson')) ORDER BY m.position) AS rows
       FROM modules m JOIN courses c ON c.published_version_id = m.version_id WHERE c.slug = 'accueillir-un-nouvel-apprenant'`,
    );
    assert.equal(course.title, 'Accueillir un nouvel apprenant');
    assert.deepEqual(
      course.modules.map(({ title, lessons }) => ({
        module: title,
        titles: lessons.map((lesson) => lesson.title),
      })),
      rows,
    );
    assert.deepEqual(
      course.report.filter(({ level }) => level === 'error'),
      [],
    );
    assert.ok(course.assets.length > 0);
    for (const asset of course.assets) assert.ok(asset.read().length > 100);
    const quiz = own.find(({ path }) => path.endsWith('.gift'));
    assert.match(Buffer.from(quiz?.read() ?? '').toString(), /^\$CATEGORY: /);
  });

  test('tables hold what people did; no cell is a formula; JSON is as its schema says', () => {
    const people: { name: string }[] = JSON.parse(text('data/people.json'));
    assert.ok(people.some(({ name }) => name === FORMULA));
    assert.ok(text('data/people.csv').includes(`"'=HYPERLINK(""http://evil.test"")"`));
    for (const name of ['enrolments', 'progress', 'attempts', 'answers', 'certificates']) {
      const rows: unknown[] = JSON.parse(text(`data/${name}.json`));
      const lines = text(`data/${name}.csv`).trimEnd().split('\r\n').length;
      assert.equal(lines, rows.length + 1, name);
    }
    const schema = JSON.parse(text('data/schema.json'));
    assert.deepEqual(Object.keys(schema.$defs), [
      'people',
      'enrolments',
      'progress',
      'attempts',
      'answers',
      'certificates',
    ]);
    assert.match(text('LISEZMOI.md'), /Export de «\u00a0.*formats ouverts/s);
    assert.match(text('README.md'), /open formats/);
    assert.ok(entries.has('data/journal.jsonl'));
  });

  test('no password, key or session is in it', () => {
    const everything = [...entries.values()]
      .map(({ read }) => Buffer.from(read()).toString('latin1'))
      .join('\n');
    assert.doesNotMatch(everything, /\$argon2|password_hash|passwordHash|token_hash|totp/i);
  });

  test('others get nothing', async () => {
    const stranger = await customer(backend, 'inconnu');
    const params = { instanceId };
    const refused = (name: string) => (error: unknown) =>
      String(error).includes(name) || JSON.stringify(error).includes(name);
    await assert.rejects(
      backend.hub.createExport({ session: stranger.session, params }),
      refused('not-found'),
    );
    await assert.rejects(
      backend.hub.openExport({ session: stranger.session, params: { instanceId, exportId } }),
      refused('not-found'),
    );
    const { token } = signExport(backend.app.settings.PAYLOAD_SECRET, exportId);
    const at = (given: string) => fetch(`${backend.url}/v1/exports/file?token=${given}`);
    assert.equal((await at(token)).status, 200);
    assert.equal((await at(`${token.slice(0, -2)}AA`)).status, 404);
    assert.equal((await at(signExport('another secret', exportId).token)).status, 404);
    assert.equal((await at(signExport(backend.app.settings.PAYLOAD_SECRET, randomUUID()).token)).status, 404);
    const old = signExport(backend.app.settings.PAYLOAD_SECRET, exportId, Date.now() - 301_000).token;
    assert.equal(readExportToken(backend.app.settings.PAYLOAD_SECRET, old), null);
    assert.equal((await at(old)).status, 404);
  });

  test('what moves from one table to another meanwhile is in it once', async () => {
    const { tenantId } = await backend.platform.one<{ tenantId: string }>(
      'SELECT tenant_id AS "tenantId" FROM exports WHERE id = $1',
      [exportId],
    );
    const { id } = await backend.platform.one<{ id: string }>(
      `INSERT INTO exports (tenant_id, locale) VALUES ($1, 'fr') RETURNING id`,
      [tenantId],
    );
    let moved = false;
    await exportTenant(backend, id, async (percent) => {
      if (moved || percent < 30) return;
      moved = true;
      // The courses are written, what people did in them is not yet.
      await db.query(`UPDATE courses SET title = 'Renommé'`);
      await db.query(`UPDATE site_settings SET certificate_wording = 'plus tard'`);
      await db.query(`DELETE FROM enrolments e WHERE NOT EXISTS
        (SELECT 1 FROM credentials c WHERE c.enrolment_id = e.id)`);
    });
    assert.ok(moved);
    const { path } = await backend.platform.one<{ path: string }>('SELECT path FROM exports WHERE id = $1', [
      id,
    ]);
    const later = new Map(
      readZip(await backend.app.files.read(fileKey(path))).map((entry) => [entry.path, entry]),
    );
    for (const name of [
      'data/enrolments.json',
      'data/enrolments.csv',
      'data/progress.json',
      'data/settings.json',
    ])
      assert.equal(Buffer.from(later.get(name)?.read() ?? '').toString(), text(name), name);
  });
});
