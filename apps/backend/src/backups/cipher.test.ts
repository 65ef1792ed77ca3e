import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { opening, readKeyring, sealing } from './cipher.ts';

const key = () => randomBytes(32).toString('base64url');
const keyring = readKeyring([key()]);
const through = (bytes: Buffer, ...steps: Parameters<Readable['pipe']>[0][]) => {
  let stream: Readable = Readable.from(
    [bytes.subarray(0, 7), bytes.subarray(7)].filter(({ length }) => length),
  );
  for (const step of steps) {
    const next = step as ReturnType<typeof sealing>;
    stream.on('error', (error) => next.destroy(error));
    stream = stream.pipe(next);
  }
  return buffer(stream);
};
const seal = (bytes: Buffer, name = 'a') => through(bytes, sealing(keyring, name));
const open = (bytes: Buffer, name = 'a', keys = keyring) => through(bytes, opening(keys, name));

test('what was sealed comes back, whatever its length', async () => {
  for (const length of [0, 1, 65_535, 65_536, 65_537, 131_072, 300_000]) {
    const bytes = randomBytes(length);
    const sealed = await seal(bytes);
    assert.deepEqual(await open(sealed), bytes, String(length));
    if (length > 100) assert.ok(!sealed.includes(bytes.subarray(0, 32)));
  }
});

test('what was changed, cut, moved or renamed is refused', async () => {
  const sealed = await seal(randomBytes(200_000));
  const changed = Buffer.from(sealed);
  changed[70_000] = (changed[70_000] ?? 0) ^ 1;
  await assert.rejects(open(changed));
  await assert.rejects(open(sealed.subarray(0, 48 + 2 * 65_552)));
  await assert.rejects(open(sealed.subarray(0, 48)));
  await assert.rejects(open(sealed.subarray(0, 20)));
  await assert.rejects(open(Buffer.concat([sealed, Buffer.from('x')])));
  await assert.rejects(open(sealed, 'b'));
  const swapped = Buffer.concat([
    sealed.subarray(0, 48),
    sealed.subarray(48 + 65_552, 48 + 2 * 65_552),
    sealed.subarray(48, 48 + 65_552),
    sealed.subarray(48 + 2 * 65_552),
  ]);
  await assert.rejects(open(swapped));
});

test('a former key still opens, an unknown one does not', async () => {
  const sealed = await seal(Buffer.from('x'));
  const [former] = keyring;
  const turned = readKeyring([key(), former.toString('base64url')]);
  assert.equal((await open(sealed, 'a', turned)).toString(), 'x');
  await assert.rejects(open(sealed, 'a', readKeyring([key()])), /BACKUP_KEYS/);
  assert.throws(() => readKeyring(['short']), /32 bytes/);
});
