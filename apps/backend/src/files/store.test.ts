import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import S3rver from 's3rver';
import { bucketStore } from './bucket.ts';
import { folderStore } from './folder.ts';
import { contentKey, fileKey, prefixOf, randomKey } from './key.ts';
import type { FileStore } from './store.ts';

const A = randomUUID();
const B = randomUUID();
const hash = 'ab'.repeat(32);

let root: string;
let server: S3rver;
let stores: Record<string, FileStore>;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'preau-store-'));
  server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory: join(root, 's3') });
  const { port } = await server.run();
  const access = { region: 'eu-west-3', accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new S3Client({ region: access.region, endpoint, forcePathStyle: true, credentials: access });
  await client.send(new CreateBucketCommand({ Bucket: 'preau' }));
  client.destroy();
  stores = {
    folder: folderStore(join(root, 'folder')),
    bucket: bucketStore({ ...access, endpoint, bucket: 'preau' }),
  };
});
after(async () => {
  await server.close();
  await rm(root, { recursive: true, force: true });
});

for (const kind of ['folder', 'bucket']) {
  describe(`a ${kind}`, () => {
    const store = (): FileStore => {
      const found = stores[kind];
      assert.ok(found);
      return found;
    };
    async function collect(prefix: string): Promise<string[]> {
      const keys: string[] = [];
      for await (const { key } of store().list(prefix)) keys.push(key);
      return keys.sort();
    }

    test('keeps bytes and files, whole and in part', async () => {
      await store().check();
      const key = contentKey(A, hash, '.pdf');
      assert.equal(await store().size(key), null);
      await assert.rejects(store().read(key));
      await store().put(key, { bytes: Buffer.from('0123456789') });
      assert.equal(await store().size(key), 10);
      const part: Buffer[] = [];
      for await (const chunk of await store().open(key, { start: 2, end: 4 })) part.push(Buffer.from(chunk));
      assert.equal(Buffer.concat(part).toString(), '234');
      const path = join(root, `${kind}.source`);
      await writeFile(path, 'x'.repeat(6_000_000));
      await store().put(key, { path });
      assert.equal((await store().read(key)).byteLength, 6_000_000);
      await store().remove(key);
      await store().remove(key);
      assert.equal(await store().size(key), null);
    });

    test('lists and empties one tenant and no other', async () => {
      const own = [
        contentKey(A, hash),
        contentKey(A, hash, '-480.webp', 'variants'),
        randomKey(A, 'imports'),
      ];
      const foreign = contentKey(B, hash);
      for (const key of [...own, foreign]) await store().put(key, { bytes: Buffer.from('x') });
      assert.deepEqual(await collect(prefixOf(A)), own.toSorted());
      assert.equal(await store().removeAll(prefixOf(A)), 3);
      assert.deepEqual(await collect(prefixOf(A)), []);
      assert.deepEqual(await collect(prefixOf(B)), [foreign]);
    });
  });
}

test('no key leads out of a tenant’s prefix', () => {
  for (const text of [
    `files/${A}/../${B}/ab/${hash}`,
    `files/${A}/ab/${hash}/../x`,
    `/files/${A}/ab/${hash}`,
    `files/${A}/ab/${hash}.a/b`,
    `files/${A}/ab/${hash}\n`,
    'files/x/y',
    '',
  ])
    assert.throws(() => fileKey(text), /no key|not a key/, text);
  assert.throws(() => prefixOf('..'));
});
