import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ApiProblem } from '@preau/contract';
import { strToU8 } from 'fflate';
import { type TestBackend, type TestInstance, testBackend } from '../testing/backend.ts';
import { tusClient } from '../testing/upload.ts';
import { sweepFiles } from './sweep.ts';

describe('the report of a platform’s space', () => {
  let backend: TestBackend;
  let here: TestInstance;
  let session: string;
  before(async () => {
    backend = await testBackend({ RATE_LIMIT_FACTOR: '100' });
    here = await backend.instance('atelier');
    session = (await here.signedIn('administrator')).session;
  });
  after(() => backend.close());

  const upload = (text: string, fileName: string) =>
    here.client.uploadAsset({
      session,
      query: { alt: '' },
      body: new Uint8Array(strToU8(`%PDF-1.7\n${text}`)),
      fileName,
    });
  const report = () => here.client.getStorageReport({ session });
  const age = (table: 'assets' | 'content_packages') =>
    here.db.query(`UPDATE ${table} SET created_at = now() - interval '2 days'`);

  test('says what fills it, and frees what no draft, version or setting uses any more', async () => {
    const course = await here.client.createCourse({ session, body: { title: 'Accueil' } });
    const { modules } = await here.client.createModule({
      session,
      params: { courseId: course.id },
      body: { title: 'Un' },
    });
    const params = { moduleId: modules[0]?.id ?? '' };
    const { activityId } = await here.client.createActivity({
      session,
      params,
      body: { type: 'lesson', title: 'Leçon' },
    });
    const [drafted, published, cover, unused, twin] = await Promise.all([
      upload('brouillon', 'brouillon.pdf'),
      upload('publié', 'publié.pdf'),
      upload('couverture', 'couverture.pdf'),
      upload('inutile', 'inutile.pdf'),
      upload('inutile', 'jumeau.pdf'),
    ]);
    const link = (id: string) => ({
      type: 'link',
      version: 1,
      url: `/assets/${id}`,
      children: [{ type: 'text', version: 1, text: 'Guide' }],
    });
    const showing = (id: string) =>
      here.client.updateActivity({
        session,
        params: { activityId },
        body: {
          content: {
            root: {
              type: 'root',
              version: 1,
              children: [{ type: 'paragraph', version: 1, children: [link(id)] }],
            },
          },
        },
      });
    await showing(published.id);
    await here.client.publishCourse({ session, params: { courseId: course.id } });
    await showing(drafted.id);
    await here.client.updateCourse({
      session,
      params: { courseId: course.id },
      body: { coverAssetId: cover.id },
    });
    const begun = await tusClient(backend, here, session).begin(1_000, { filename: 'a.pdf' });
    assert.equal(begun.status, 201);

    const fresh = await report();
    assert.deepEqual(fresh.parts, [
      { kind: 'upload', files: 1, bytes: 1_000 },
      {
        kind: 'document',
        files: 4,
        bytes: [drafted, published, cover, unused].reduce((sum, { bytes }) => sum + bytes, 0),
      },
    ]);
    assert.deepEqual(fresh.unused, { files: 0, bytes: 0 }, 'what was sent today may be wanted yet');
    assert.deepEqual(fresh.scanner, { active: false, waiting: [], setAside: 0 });
    await age('assets');
    assert.deepEqual((await report()).unused, { files: 1, bytes: unused.bytes }, 'the same bytes count once');
    const freed = await here.client.deleteUnusedFiles({ session });
    assert.deepEqual(freed.unused, { files: 0, bytes: 0 });
    assert.equal(freed.storage.usedBytes, fresh.storage.usedBytes - unused.bytes);
    const left = await here.db.query<{ id: string }>('SELECT id FROM assets');
    assert.deepEqual(
      left.map(({ id }) => id).sort(),
      [drafted, published, cover].map(({ id }) => id).sort(),
      `${unused.id} and ${twin.id} are gone`,
    );
    const [entry] = await here.db.query<{ details: string }>(
      `SELECT details FROM audit_entries WHERE action = 'files.deleted'`,
    );
    assert.equal(entry?.details, '{"rows":2}');

    const trainer = await here.signedIn('trainer');
    await assert.rejects(
      here.client.deleteUnusedFiles({ session: trainer.session }),
      (error: unknown) => error instanceof ApiProblem && error.problem.name === 'forbidden',
    );
  });

  test('content that was replaced goes after a day, what is shown stays', async () => {
    const course = await here.client.createCourse({ session, body: { title: 'Visites' } });
    const { modules } = await here.client.createModule({
      session,
      params: { courseId: course.id },
      body: { title: 'Un' },
    });
    const { activityId } = await here.client.createActivity({
      session,
      params: { moduleId: modules[0]?.id ?? '' },
      body: { type: 'package', title: 'Visite' },
    });
    const show = async (text: string) => {
      const uploadId = await tusClient(backend, here, session).send(strToU8(`<p>${text}`), {
        filename: 'page.html',
        purpose: 'package',
      });
      return here.client.finishPackage({ session, params: { uploadId }, body: { activityId } });
    };
    await show('une');
    await here.client.publishCourse({ session, params: { courseId: course.id } });
    await show('deux');
    await show('trois');
    const packages = async () => (await report()).parts.find(({ kind }) => kind === 'package')?.files;
    await sweepFiles(backend.app, here.db);
    assert.equal(await packages(), 3);
    await age('content_packages');
    await sweepFiles(backend.app, here.db);
    assert.equal(await packages(), 2, 'the published one, and the draft’s');
  });
});
