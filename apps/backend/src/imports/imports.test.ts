import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ApiProblem } from '@preau/contract';
import type { ImportJob } from '@preau/contract/tenant/imports';
import { nodesOf, type RichText } from '@preau/elearning';
import { strToU8, zipSync } from 'fflate';
import { z } from 'zod';
import { randomKey } from '../files/key.ts';
import { type TestBackend, type TestInstance, testBackend } from '../testing/backend.ts';

const COURSE = '/work/shared/content/course-shell-novice';
const GIFT = '/work/shared/content/gift';
const STRINGS = '/work/shared/content/strings/blns.json';
const here = (path: string) => ({ skip: existsSync(path) ? false : `${path} is not here` });

function zipOf(folder: string): Uint8Array {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
  return zipSync(
    Object.fromEntries(files.map((path) => [`course/${path}`, readFileSync(join(folder, path))])),
  );
}

describe('imports', () => {
  let backend: TestBackend;
  let instance: TestInstance;
  let session: string;
  before(async () => {
    backend = await testBackend();
    instance = await backend.instance('atelier');
    session = (await instance.signedIn('trainer')).session;
  });
  after(() => backend.close());

  type Query = { kind: 'markdown' | 'gift'; activityId?: string; moduleId?: string };
  const send = (query: Query, body: Uint8Array, fileName: string) =>
    instance.client.createImport({ session, query, body: new Uint8Array(body), fileName });
  async function finished(job: ImportJob): Promise<ImportJob> {
    for (let waited = 0; waited < 2_400; waited++) {
      const now = await instance.client.getImport({ session, params: { importId: job.id } });
      if (now.state === 'succeeded' || now.state === 'failed') return now;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('the import did not end');
  }
  const imported = async (query: Query, body: Uint8Array, fileName: string) =>
    finished(await send(query, body, fileName));
  const refusedBecause = (words: RegExp) => (error: unknown) =>
    error instanceof ApiProblem &&
    error.problem.name === 'import-refused' &&
    words.test(error.problem.detail);

  test('the real course, with every picture and a report of what was left out', here(COURSE), async () => {
    const job = await imported({ kind: 'markdown' }, zipOf(COURSE), 'shell-novice.zip');
    assert.equal(job.state, 'succeeded', job.error ?? '');
    assert.equal(job.percent, 100);
    assert.deepEqual(job.counts, { modules: 9, lessons: 25, assets: 9, questions: 0 });
    assert.ok(job.notes.every(({ level }) => level !== 'error'));
    assert.ok(job.notes.some(({ what }) => what.startsWith('Note pour le formateur')));

    const course = await instance.client.getStudioCourse({
      session,
      params: { courseId: job.courseId ?? '' },
    });
    assert.equal(course.title, 'The Unix Shell');
    assert.match(course.attribution, /Software Carpentry[\s\S]*CC-BY 4\.0/);
    assert.equal(course.objectives.length, 7);
    const contents = await instance.db.query<{ title: string; content: RichText }>(
      'SELECT title, content FROM activities WHERE version_id = $1',
      [course.draft.versionId],
    );
    const nodes = contents.flatMap(({ content }) => [...nodesOf(content)]);
    const pictures = nodes.filter((node) => node.type === 'image');
    assert.equal(pictures.length, 9);
    for (const { assetId, alt, width, height } of pictures) {
      assert.ok(assetId && alt && width && height);
      const { name, mime, path } = await instance.db.one<{ name: string; mime: string; path: string }>(
        'SELECT name, mime, path FROM assets WHERE id = $1',
        [assetId],
      );
      assert.equal(mime, 'image/png');
      assert.match(name, /\.png$/);
      assert.ok(statSync(join(backend.app.settings.DATA_DIR, path)).size > 500);
    }
    const [download] = nodes.flatMap((node) =>
      node.type === 'link' && node.url.startsWith('/assets/') ? node.url : [],
    );
    const data = await instance.db.one<{ name: string; mime: string }>(
      'SELECT name, mime FROM assets WHERE id = $1',
      [download?.slice('/assets/'.length)],
    );
    assert.deepEqual(data, { name: 'shell-lesson-data.zip', mime: 'application/zip' });
    // The file itself is not kept.
    const left = await readdir(join(backend.app.settings.DATA_DIR, 'files', instance.tenantId, 'imports'));
    assert.deepEqual(left, []);

    await publishedLinksLeadToPublishedLessons(course.id, course.draft.versionId);
  });

  /** Links between lessons name activities of the draft; a learner must get the version's own. */
  async function publishedLinksLeadToPublishedLessons(courseId: string, draftId: string): Promise<void> {
    await instance.client.publishCourse({ session, params: { courseId } });
    const linked = await instance.db.query<{ target: string }>(
      `SELECT DISTINCT (regexp_matches(content::text, '/activities/([0-9a-f-]{36})', 'g'))[1] AS target
       FROM activities WHERE version_id <> $1`,
      [draftId],
    );
    const published = await instance.db.query<{ id: string }>(
      'SELECT id FROM activities WHERE version_id <> $1',
      [draftId],
    );
    const ids = new Set(published.map(({ id }) => id));
    assert.ok(linked.length > 0 && linked.every(({ target }) => ids.has(target)), JSON.stringify(linked));
  }

  test('folders of Markdown; a neighbour sees none of it', async () => {
    const archive = zipSync({
      'cours/README.md': strToU8('---\ntitle: Accueil\nauthor: Ada\nlicense: CC BY-SA 4.0\n---\nBienvenue.'),
      'cours/02-suite/01-fin.md': strToU8('# La fin\n\nVoir [le début](../01-debut/10-b.md).'),
      'cours/01-debut/10-b.md': strToU8('# B\n\n![](img/rien.png)\n\nTexte.'),
      'cours/01-debut/2-a.md': strToU8('# A\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1))'),
    });
    const job = await imported({ kind: 'markdown' }, archive, 'cours.zip');
    assert.equal(job.state, 'succeeded', job.error ?? '');
    const course = await instance.client.getStudioCourse({
      session,
      params: { courseId: job.courseId ?? '' },
    });
    assert.deepEqual(
      course.modules.map(({ title, activities }) => [title, activities.map((activity) => activity.title)]),
      [
        ['Debut', ['A', 'B']],
        ['Suite', ['La fin']],
      ],
    );
    assert.equal(course.attribution, 'Auteurs : Ada\nLicence : CC BY-SA 4.0');
    assert.deepEqual(job.notes.map(({ file, line }) => [file, line]).sort(), [
      ['01-debut/10-b.md', 3],
      ['01-debut/2-a.md', 3],
      ['01-debut/2-a.md', 5],
    ]);
    const neighbour = await backend.instance('voisin');
    const other = (await neighbour.signedIn('trainer')).session;
    await assert.rejects(neighbour.client.getImport({ session: other, params: { importId: job.id } }));
    assert.deepEqual(await neighbour.client.listImports({ session: other }), { items: [] });
    const { items } = await instance.client.listImports({ session });
    assert.equal(items[0]?.id, job.id);
    const learner = (await instance.signedIn('learner')).session;
    await assert.rejects(instance.client.listImports({ session: learner }), /forbidden/);
  });

  test('a job that its process forgot to hand on is handed on by whoever looks at it', async () => {
    const path = randomKey(instance.tenantId, 'imports');
    await backend.app.files.put(path, { bytes: zipSync({ 'a.md': strToU8('# A\n\nx') }) });
    const { id } = await instance.db.one<{ id: string }>(
      `INSERT INTO imports (kind, file_name, path, counts, created_at, started_by_id)
       SELECT 'markdown', 'x.zip', $1, $2::jsonb, now() - interval '1 minute', u.id
       FROM users u WHERE u.role = 'trainer' LIMIT 1 RETURNING id`,
      [path, JSON.stringify({ modules: 0, lessons: 0, assets: 0, questions: 0 })],
    );
    const job = await finished(await instance.client.getImport({ session, params: { importId: id } }));
    assert.equal(job.state, 'succeeded', job.error ?? '');
  });

  test('what is no package, or a hostile one, is refused with the reason', async () => {
    const zip = (files: Record<string, Uint8Array>) => zipSync(files);
    const markdown = { kind: 'markdown' as const };
    await assert.rejects(send(markdown, strToU8('hello'), 'x.zip'), refusedBecause(/ZIP/));
    await assert.rejects(
      send(markdown, zip({ 'a.md': strToU8('x') }).subarray(0, 40), 'x.zip'),
      refusedBecause(/ZIP/),
    );
    await assert.rejects(
      send(markdown, zip({ '../a.md': strToU8('x') }), 'x.zip'),
      refusedBecause(/chemin.*\.\.\/a\.md/),
    );
    await assert.rejects(
      send(markdown, zip({ 'a.md': new Uint8Array(9_000_000) }), 'x.zip'),
      refusedBecause(/compressé/),
    );
    const link = zipSync({ a: [strToU8('/etc/passwd'), { os: 3, attrs: (0o120777 << 16) >>> 0 }] });
    await assert.rejects(send(markdown, link, 'x.zip'), refusedBecause(/lien/));
    await assert.rejects(send({ kind: 'gift' }, strToU8('?{T}'), 'x.gift'), /invalid-request|corriger/);
    await assert.rejects(
      send(markdown, zip({ 'a.txt': strToU8('x') }), 'x.zip'),
      refusedBecause(/aucun fichier Markdown/),
    );
    const damaged = zipSync({ 'a.md': [strToU8('one two three'), { level: 0 }] });
    damaged[36] = 0;
    const { state, error } = await imported(markdown, damaged, 'x.zip');
    assert.equal(state, 'failed');
    assert.match(error ?? '', /abîmée \(«\s?a\.md\s?»\)/);
  });

  test('names as long as a file, and letters that break things', async () => {
    const long = 'n'.repeat(10 * 1024 * 1024 - 100);
    const archive = zipSync({
      'a.md': [strToU8(`# ${'t'.repeat(1_000_000)}\n\n\u0007 \ud800 x`), { level: 0 }],
    });
    const job = await imported({ kind: 'markdown' }, archive, `${'n'.repeat(3_000)}.zip`);
    assert.equal(job.state, 'succeeded', job.error ?? '');
    assert.ok(job.fileName.length <= 150);
    const whole = zipSync({ 'a.md': [strToU8(`# ${long}`), { level: 0 }] });
    const refused = await imported({ kind: 'markdown' }, whole, 'x.zip');
    assert.match(refused.error ?? '', /UTF-8 de 2 Mo/);
  });

  test('strings that break things, as titles, texts, file names and answers', here(STRINGS), async () => {
    const strings = z.array(z.string()).parse(JSON.parse(readFileSync(STRINGS, 'utf8')));
    const text = strings.map((each) => `## ${each.replace(/\s+/g, ' ')}\n\n${each}\n`).join('\n');
    const named = strings
      .filter((each) => !/\p{Cc}|^\/|^[a-z]:|\.\./iu.test(each) && each.length < 300)
      .slice(0, 150)
      .map((each, index) => [
        `${each.replaceAll('\\', '').replaceAll('/', '')}-${index}.md`,
        strToU8(`# ${each}\n\nx`),
      ]);
    for (const files of [{ 'a.md': strToU8(text) }, Object.fromEntries(named)]) {
      const job = await imported({ kind: 'markdown' }, zipSync(files), '<script>alert(1)</script>.zip');
      assert.equal(job.state, 'succeeded', job.error ?? '');
      const params = { courseId: job.courseId ?? '' };
      const course = await instance.client.getStudioCourse({ session, params });
      assert.ok(course.modules.length > 0);
      await instance.client.publishCourse({ session, params });
    }
    const moduleId = (
      await instance.db.one<{ id: string }>(
        `SELECT m.id FROM modules m JOIN course_versions v ON v.id = m.version_id WHERE v.state = 'draft' LIMIT 1`,
      )
    ).id;
    const gift = strings.map((each) => `${each}{=${each}}`).join('\n\n');
    const job = await imported({ kind: 'gift', moduleId }, strToU8(gift), 'x.gift');
    assert.equal(job.state, 'succeeded', job.error ?? '');
    assert.ok(job.counts.questions > 100);
  });

  test('GIFT makes a quiz in a module, then adds to one; others are named', here(GIFT), async () => {
    const { courseId } = await imported(
      { kind: 'markdown' },
      zipSync({ 'a.md': strToU8('# T\n\ntext') }),
      'cours.zip',
    );
    const course = await instance.client.getStudioCourse({ session, params: { courseId: courseId ?? '' } });
    const moduleId = course.modules[0]?.id ?? '';
    const numbers = readFileSync(`${GIFT}/numerical1.gift`);
    const job = await imported({ kind: 'gift', moduleId }, numbers, 'numerical1.gift');
    assert.deepEqual([job.state, job.counts.questions, job.courseId], ['succeeded', 10, courseId]);
    const activityId = job.activityId ?? '';
    const more = await imported(
      { kind: 'gift', activityId },
      strToU8('Sun?{T}\n\nTell me.{}\n\nBad{~a ~b}'),
      'more.gift',
    );
    assert.equal(more.counts.questions, 1);
    assert.deepEqual(
      more.notes.map(({ line, level }) => [line, level]),
      [
        [3, 'warning'],
        [5, 'error'],
      ],
    );
    const page = await instance.client.getStudioActivity({ session, params: { activityId } });
    assert.equal(page.activity.title, 'numerical1');
    assert.equal(page.activity.questions.length, 11);
    assert.equal(page.activity.questions.at(-1)?.question.type, 'trueFalse');
    const lesson = course.modules[0]?.activities[0]?.id ?? '';
    await assert.rejects(
      send({ kind: 'gift', activityId: lesson }, numbers, 'x.gift'),
      refusedBecause(/n’existe plus/),
    );
  });
});
