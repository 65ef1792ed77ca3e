import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ApiProblem, problemDetails } from '@preau/contract';
import { strToU8, zipSync } from 'fflate';
import { sweepFiles } from '../assets/sweep.ts';
import { type TestBackend, type TestInstance, testBackend } from '../testing/backend.ts';
import { idOf, tusClient } from '../testing/upload.ts';

const MEBIBYTE = 1024 * 1024;
const refused = (name: string) => (error: unknown) =>
  error instanceof ApiProblem && error.problem.name === name;

describe('uploads that can be resumed', () => {
  let backend: TestBackend;
  let here: TestInstance;
  let there: TestInstance;
  let author: { id: string; session: string };
  before(async () => {
    backend = await testBackend({ RATE_LIMIT_FACTOR: '100' });
    here = await backend.instance('atelier');
    there = await backend.instance('voisin');
    author = await here.signedIn('administrator');
  });
  after(() => backend.close());

  const tus = (who = author, platform = here) => tusClient(backend, platform, who.session);
  const pdf = (length: number) => strToU8(`%PDF-1.7\n${'x'.repeat(length - 9)}`);
  const make = (uploadId: string, { session } = author) =>
    here.client.finishAsset({ session, params: { uploadId }, body: { alt: 'Plan' } });
  const used = async () => (await here.client.getStorage({ session: author.session })).usedBytes;
  async function refusal(answer: Response): Promise<string> {
    return problemDetails.parse(await answer.json()).name;
  }

  test('a file that stops on the way goes on where it stopped, and becomes an asset once', async () => {
    const bytes = pdf(3 * MEBIBYTE);
    const before = await used();
    const begun = await tus().begin(bytes.byteLength, { filename: 'Guide.pdf' });
    const uploadId = idOf(begun);
    assert.equal(begun.headers.get('location'), `/api/uploads/${uploadId}`);
    assert.equal(await used(), before + bytes.byteLength, 'it counts whole from its beginning');
    await tus().append(uploadId, 0, bytes.subarray(0, MEBIBYTE));
    await assert.rejects(make(uploadId), refused('upload-incomplete'));
    const looked = await tus().look(uploadId);
    assert.deepEqual(
      [looked.headers.get('upload-offset'), looked.headers.get('upload-length')],
      [String(MEBIBYTE), String(bytes.byteLength)],
    );
    assert.equal((await tus().append(uploadId, 0, bytes)).status, 409, 'not from anywhere else');
    await tus().append(uploadId, MEBIBYTE, bytes.subarray(MEBIBYTE));
    const [asset, again] = [await make(uploadId), await make(uploadId)];
    assert.deepEqual([asset.name, asset.bytes, asset.scanning], ['Guide.pdf', bytes.byteLength, false]);
    assert.deepEqual(again, asset);
    assert.equal(await used(), before + bytes.byteLength);
    const left = await readdir(join(backend.app.staging, here.tenantId));
    assert.deepEqual(
      left.filter((name) => name.startsWith(uploadId)),
      [],
    );
  });

  test('what would be refused is refused before its first byte', async () => {
    const begin = (bytes: number, filename: string, more = {}) => tus().begin(bytes, { filename, ...more });
    assert.equal(await refusal(await begin(200 * MEBIBYTE, 'a.pdf')), 'payload-too-large');
    assert.equal(await refusal(await begin(10, 'a.exe')), 'unsupported-media');
    assert.equal(await refusal(await begin(10, 'a.html')), 'unsupported-media');
    assert.equal(await refusal(await begin(10, 'a.pdf', { purpose: 'package' })), 'unsupported-media');
    assert.equal(await refusal(await begin(10, 'a.pdf', { purpose: 'other' })), 'malformed-request');
    assert.equal(await refusal(await begin(0, 'a.pdf')), 'malformed-request');
    assert.equal(await refusal(await tus().join('/v1/uploads/a')), 'malformed-request');
    const learner = await here.signedIn('learner');
    assert.equal(await refusal(await tus(learner).begin(10, { filename: 'a.pdf' })), 'forbidden');
    await backend.platform.query(
      `UPDATE tenants SET entitlements = entitlements || '{"storageMegabytes": 10}' WHERE id = $1`,
      [here.tenantId],
    );
    assert.equal(await refusal(await begin(9 * MEBIBYTE, 'a.pdf')), 'storage-full');
    // An archive to be imported counts as well.
    const archive = zipSync(
      { 'cours.md': strToU8('# Bonjour\n'), 'rest.bin': new Uint8Array(9 * MEBIBYTE) },
      { level: 0 },
    );
    await assert.rejects(
      here.client.createImport({
        session: author.session,
        query: { kind: 'markdown' },
        body: archive,
        fileName: 'cours.zip',
      }),
      refused('storage-full'),
    );
    await backend.platform.query(
      `UPDATE tenants SET entitlements = entitlements || '{"storageMegabytes": 1000}' WHERE id = $1`,
      [here.tenantId],
    );
  });

  test('nobody else goes on with it, looks at it, ends it or makes something of it', async () => {
    const bytes = pdf(100);
    const begun = await tus().begin(bytes.byteLength, { filename: 'a.pdf' });
    const uploadId = idOf(begun);
    const colleague = await here.signedIn('administrator');
    const neighbour = await there.signedIn('administrator');
    for (const client of [tus(colleague), tus(neighbour, there)]) {
      const answers = [
        await client.append(uploadId, 0, bytes),
        await client.look(uploadId),
        await client.end(uploadId),
      ];
      assert.deepEqual(
        answers.map(({ status }) => status),
        [404, 404, 404],
      );
    }
    await tus().append(uploadId, 0, bytes);
    await assert.rejects(make(uploadId, colleague), refused('not-found'));
    await assert.rejects(
      there.client.finishAsset({ session: neighbour.session, params: { uploadId }, body: { alt: '' } }),
      refused('not-found'),
    );
    await assert.rejects(
      here.client.finishPackage({
        session: author.session,
        params: { uploadId },
        body: { activityId: crypto.randomUUID() },
      }),
      refused('not-found'),
    );
  });

  test('one that arrives changed is refused; one that is ended or forgotten gives its space back', async () => {
    const bytes = pdf(1_000);
    const sha256 = createHash('sha256').update('something else').digest('hex');
    const changed = await tus().send(bytes, { filename: 'a.pdf', sha256 });
    await assert.rejects(make(changed), refused('file-broken'));
    const before = await used();
    const ended = idOf(await tus().begin(1_000, { filename: 'b.pdf' }));
    assert.equal(await used(), before + 1_000);
    assert.equal((await tus().end(ended)).status, 204);
    const forgotten = await tus().send(bytes, { filename: 'c.pdf' });
    await here.db.query(`UPDATE uploads SET expires_at = now() - interval '1 minute' WHERE id = $1`, [
      forgotten,
    ]);
    assert.equal((await tus().look(forgotten)).status, 404);
    await sweepFiles(backend.app, here.db);
    assert.equal(await used(), before);
    const left = await readdir(join(backend.app.staging, here.tenantId));
    assert.deepEqual(
      left.filter((name) => [changed, ended, forgotten].some((id) => name.startsWith(id))),
      [],
    );
  });
});
