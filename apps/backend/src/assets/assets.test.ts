import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ApiProblem } from '@preau/contract';
import sharp from 'sharp';
import { contentKey, prefixOf } from '../files/key.ts';
import { type TestBackend, type TestInstance, testBackend } from '../testing/backend.ts';
import { sweepFiles } from './sweep.ts';

const refused = (name: string) => (error: unknown) =>
  error instanceof ApiProblem && error.problem.name === name;

describe('files of a platform', () => {
  let backend: TestBackend;
  let here: TestInstance;
  let trainer: string;
  let learner: string;
  before(async () => {
    backend = await testBackend({ RATE_LIMIT_FACTOR: '100' });
    here = await backend.instance('atelier');
    trainer = (await here.signedIn('trainer')).session;
    learner = (await here.signedIn('learner')).session;
  });
  after(() => backend.close());

  const upload = (bytes: Uint8Array | string, fileName: string, session = trainer) =>
    here.client.uploadAsset({
      session,
      query: { alt: '' },
      body: new Uint8Array(Buffer.from(bytes)),
      fileName,
    });
  async function download(id: string, query = '', headers: Record<string, string> = {}, session = trainer) {
    return fetch(`${backend.url}/v1/assets/${id}${query}`, {
      headers: { authorization: `Bearer ${await here.signer.token()}`, 'preau-session': session, ...headers },
    });
  }
  const grant = (entitlements: object) =>
    backend.platform.query('UPDATE tenants SET entitlements = entitlements || $2::jsonb WHERE id = $1', [
      here.tenantId,
      JSON.stringify(entitlements),
    ]);
  const photo = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: '#3a7' } })
      .withExif({ IFD0: { Copyright: 'Ada' }, IFD3: { GPSLatitude: '48/1 51/1 24/1', GPSLatitudeRef: 'N' } })
      .jpeg()
      .toBuffer();

  test('a picture is shown in sizes of ours, without what the camera noted; the original is for authors', async () => {
    const original = await photo(2_000, 1_000);
    const asset = await upload(original, 'cour.jpg');
    assert.deepEqual([asset.width, asset.height, asset.mime], [2_000, 1_000, 'image/jpeg']);
    for (const [query, width] of [
      ['?w=100', 480],
      ['?w=480', 480],
      ['?w=500', 960],
      ['?w=9000', 1_600],
      ['', 1_600],
    ] as const) {
      const answer = await download(asset.id, query);
      const bytes = Buffer.from(await answer.arrayBuffer());
      const metadata = await sharp(bytes).metadata();
      assert.deepEqual([metadata.format, metadata.width, metadata.exif], ['webp', width, undefined], query);
      assert.equal(answer.headers.get('content-type'), 'image/webp');
    }
    const own = await download(asset.id, '?original=1');
    assert.deepEqual(Buffer.from(await own.arrayBuffer()), original);
    assert.match(own.headers.get('content-disposition') ?? '', /^attachment; filename="cour\.jpg"/);
    await here.db.query('UPDATE site_settings SET logo_id = $1', [asset.id]);
    assert.equal((await download(asset.id, '', {}, learner)).status, 200);
    assert.equal((await download(asset.id, '?original=1', {}, learner)).status, 404);
    await here.db.query('UPDATE site_settings SET logo_id = NULL');
    assert.equal((await download(asset.id, '', {}, learner)).status, 404);
  });

  test('a file is answered whole, in part, or not at all where the browser has it', async () => {
    const bytes = `%PDF-1.7\n${'x'.repeat(1_000)}`;
    const { id } = await upload(bytes, 'Déroulé « 1 ».pdf');
    const whole = await download(id);
    assert.equal(whole.headers.get('content-type'), 'application/pdf');
    assert.equal(whole.headers.get('accept-ranges'), 'bytes');
    assert.match(whole.headers.get('content-security-policy') ?? '', /sandbox/);
    const etag = whole.headers.get('etag') ?? '';
    assert.equal(await whole.text(), bytes);
    const part = await download(id, '', { range: 'bytes=5-8' });
    assert.deepEqual(
      [part.status, part.headers.get('content-range'), await part.text()],
      [206, `bytes 5-8/${bytes.length}`, '1.7\n'],
    );
    assert.equal((await download(id, '', { range: 'bytes=99999-' })).status, 416);
    assert.equal((await download(id, '', { range: 'bytes=5-8', 'if-range': '"other"' })).status, 200);
    assert.equal((await download(id, '', { range: 'bytes=5-8', 'if-range': etag })).status, 206);
    const same = await download(id, '', { 'if-none-match': etag });
    assert.deepEqual([same.status, await same.text()], [304, '']);
  });

  test('what would run, lies about its kind, is broken or unfolds without end is refused with the reason', async () => {
    await assert.rejects(upload('<script>alert(1)</script>', 'a.html'), refused('unsupported-media'));
    await assert.rejects(
      upload('<svg xmlns="http://www.w3.org/2000/svg"/>', 'a.svg'),
      refused('unsupported-media'),
    );
    await assert.rejects(upload(await photo(4, 4), 'rapport.pdf'), refused('file-mismatch'));
    await assert.rejects(upload((await photo(400, 400)).subarray(0, 300), 'a.jpg'), refused('file-broken'));
    const bomb = await sharp({ create: { width: 12_000, height: 12_000, channels: 3, background: '#fff' } })
      .png({ compressionLevel: 9 })
      .toBuffer();
    assert.ok(bomb.byteLength < 2_000_000);
    await assert.rejects(upload(bomb, 'bombe.png'), refused('file-broken'));
    await assert.rejects(upload(await photo(4, 4), 'a.jpg', learner), refused('forbidden'));
    await grant({ fileKinds: ['image'] });
    await assert.rejects(upload('%PDF-1.7\n', 'a.pdf'), refused('unsupported-media'));
    await grant({ fileKinds: ['image', 'document', 'audio', 'video', 'package'], fileMegabytes: 1 });
    await assert.rejects(upload(`%PDF-1.7\n${'x'.repeat(1_100_000)}`, 'a.pdf'), refused('payload-too-large'));
    await grant({ fileMegabytes: 100 });
  });

  test('files at once never exceed the space together; the same bytes count once', async () => {
    const before = await here.client.getStorage({ session: trainer });
    const free = 3 * 1024 * 1024;
    await grant({ storageMegabytes: Math.ceil(before.usedBytes / 1_048_576) + 2 });
    const { limitBytes, usedBytes } = await here.client.getStorage({ session: trainer });
    assert.ok(limitBytes - usedBytes <= free);
    const size = 500_000;
    const attempts = await Promise.allSettled(
      Array.from({ length: 12 }, (_, i) => upload(`%PDF-1.7\n${i}${'x'.repeat(size)}`, `${i}.pdf`)),
    );
    const fits = Math.floor((limitBytes - usedBytes) / size);
    assert.equal(attempts.filter(({ status }) => status === 'fulfilled').length, fits);
    for (const attempt of attempts)
      if (attempt.status === 'rejected')
        assert.ok(refused('storage-full')(attempt.reason), String(attempt.reason));
    const after = await here.client.getStorage({ session: trainer });
    assert.ok(after.usedBytes <= limitBytes);
    assert.equal(after.level, 'near');
    const kept = attempts.findIndex(({ status }) => status === 'fulfilled');
    await upload(`%PDF-1.7\n${kept}${'x'.repeat(size)}`, 'encore.pdf');
    assert.equal((await here.client.getStorage({ session: trainer })).usedBytes, after.usedBytes);
    await grant({ storageMegabytes: 1_000 });
  });

  test('what nobody names is swept after a day, and nothing else', async () => {
    const { files, settings } = backend.app;
    const orphan = contentKey(here.tenantId, createHash('sha256').update('nobody').digest('hex'), '.pdf');
    await files.put(orphan, { bytes: Buffer.from('nobody') });
    const count = async () => {
      let found = 0;
      for await (const _ of files.list(prefixOf(here.tenantId))) found++;
      return found;
    };
    // Files of uploads that did not fit are orphans too.
    await sweepFiles(backend.app, here.db);
    assert.equal(await files.size(orphan), 6, 'a file whose record may still be written is left alone');
    const folder = join(settings.DATA_DIR, prefixOf(here.tenantId));
    const old = new Date(Date.now() - 25 * 3_600_000);
    for (const name of await readdir(folder, { recursive: true })) await utimes(join(folder, name), old, old);
    const swept = await sweepFiles(backend.app, here.db);
    assert.ok(swept >= 1);
    assert.equal(await files.size(orphan), null);
    const { named } = await here.db.one<{ named: number }>(
      `SELECT (SELECT count(DISTINCT checksum) FROM assets)::int
        + (SELECT count(DISTINCT v ->> 'key') FROM assets a, jsonb_array_elements(a.variants) v
           WHERE jsonb_typeof(a.variants) = 'array')::int AS named`,
    );
    assert.equal(await count(), named);
  });
});
