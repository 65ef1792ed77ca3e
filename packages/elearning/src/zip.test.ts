import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strToU8, zipSync } from 'fflate';
import { PackageError, type PackageFault, readZip, zipLimits } from './zip.ts';

const refused = (fault: PackageFault, read: () => unknown) =>
  assert.throws(read, (error) => error instanceof PackageError && error.fault === fault, fault);
const readAll = (archive: Uint8Array, limits = zipLimits) =>
  readZip(archive, limits).map((entry) => entry.read());

/** Where `bytes` stand in `archive`, all of them. */
function places(archive: Uint8Array, bytes: number[]): number[] {
  return [...archive.keys()].filter((at) => bytes.every((byte, index) => archive[at + index] === byte));
}

test('reads stored and packed entries, and no folders', () => {
  const archive = zipSync({
    'a/b.md': strToU8('# Titre'),
    'c.txt': [strToU8('stored'), { level: 0 }],
    d: {},
    'vide.txt': new Uint8Array(),
  });
  const entries = readZip(archive);
  assert.deepEqual(
    entries.map(({ path, read }) => [path, new TextDecoder().decode(read())]),
    [
      ['a/b.md', '# Titre'],
      ['c.txt', 'stored'],
      ['vide.txt', ''],
    ],
  );
});

test('refuses what is no zip, cut, or damaged', () => {
  const archive = zipSync({ 'a.md': strToU8('hello '.repeat(100)) });
  for (const length of [0, 1, 21, archive.length - 1])
    refused('zip.unreadable', () => readZip(archive.subarray(0, length)));
  refused('zip.unreadable', () => readZip(strToU8('not a zip at all, but long enough to be one')));
  for (let at = 0; at < archive.length; at++) {
    const broken = archive.slice();
    broken[at] = (broken[at] ?? 0) ^ 0xff;
    try {
      readAll(broken);
    } catch (error) {
      assert.ok(error instanceof PackageError, `byte ${at}: ${String(error)}`);
    }
  }
});

test('refuses paths that lead out, and links', () => {
  for (const path of [
    '../a.md',
    'a/../../b.md',
    '/etc/passwd',
    'C:/a.md',
    '..\\a.md',
    'a\u0000.md',
    'x'.repeat(401),
  ])
    refused('zip.path', () => readZip(zipSync({ [path]: strToU8('x') })));
  const link = zipSync({ link: [strToU8('/etc/passwd'), { os: 3, attrs: (0o120777 << 16) >>> 0 }] });
  refused('zip.symlink', () => readZip(link));
});

test('refuses bombs: by ratio, by size, by number, by lying about the size, by sharing data', () => {
  const zeros = zipSync({ 'a.md': new Uint8Array(8 * 1024 * 1024) });
  refused('zip.bomb', () => readZip(zeros));
  refused('zip.tooLarge', () => readZip(zeros, { ...zipLimits, entryBytes: 1024 * 1024 }));
  refused('zip.tooLarge', () => readZip(zeros, { ...zipLimits, totalBytes: 1024 * 1024 }));
  const many = zipSync(
    Object.fromEntries([...Array(20).keys()].map((index) => [`${index}.md`, strToU8('x')])),
  );
  refused('zip.entries', () => readZip(many, { ...zipLimits, entries: 10 }));

  const lying = zipSync({ 'a.md': new Uint8Array(300_000) });
  const [central] = places(lying, [0x50, 0x4b, 0x01, 0x02]);
  new DataView(lying.buffer).setUint32((central ?? 0) + 24, 10, true);
  refused('zip.bomb', () => readAll(lying));

  const shared = zipSync({ 'a.md': strToU8('one'), 'b.md': strToU8('two') });
  const [first = 0, second = 0] = places(shared, [0x50, 0x4b, 0x01, 0x02]);
  const view = new DataView(shared.buffer);
  view.setUint32(second + 42, view.getUint32(first + 42, true), true);
  refused('zip.bomb', () => readZip(shared));
});

test('refuses encrypted entries', () => {
  const archive = zipSync({ 'a.md': strToU8('x') });
  const [central = 0] = places(archive, [0x50, 0x4b, 0x01, 0x02]);
  new DataView(archive.buffer).setUint16(central + 8, 1, true);
  refused('zip.encrypted', () => readZip(archive));
});
