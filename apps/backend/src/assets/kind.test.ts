import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { strToU8, zipSync } from 'fflate';
import sharp from 'sharp';
import { claimedKind, disposition, fileName, kindOf } from './kind.ts';
import { matches, rangeOf } from './range.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preau-kind-'));
});
after(() => rm(folder, { recursive: true, force: true }));

async function kind(bytes: Uint8Array | string, name: string) {
  const path = join(folder, 'file');
  await writeFile(path, bytes);
  const known = await kindOf(path, name);
  return known && [known.kind, known.mime];
}

test('a file is what its bytes are, whatever its name says', async () => {
  const png = await sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  assert.deepEqual(await kind(png, 'page.html'), ['image', 'image/png']);
  assert.deepEqual(await kind('%PDF-1.7\n%âãÏÓ\n', 'x'), ['document', 'application/pdf']);
  assert.deepEqual(await kind('Bonjour à tous', 'notes.txt'), ['document', 'text/plain; charset=utf-8']);
  const docx = zipSync({
    '[Content_Types].xml': strToU8(
      '<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    ),
    'word/document.xml': strToU8('<w:document/>'),
  });
  assert.equal((await kind(docx, 'a.docx'))?.[0], 'document');
});

test('what a browser would run is no kind of file', async () => {
  for (const [bytes, name] of [
    ['<!doctype html><script>alert(1)</script>', 'a.html'],
    ['<!doctype html><script>alert(1)</script>', 'a.png'],
    ['<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'a.svg'],
    ['<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', 'a.jpg'],
    ['MZ\u0090\0\u0003', 'setup.exe'],
    ['#!/bin/sh\nrm -rf /', 'a.sh'],
    ['\u0000\u0001\u0002', 'a.txt'],
    ['', 'a.png'],
  ] as const)
    assert.equal(await kind(bytes, name), null, name);
  // A picture that is a page too is served as the picture it is: see download.ts for the headers.
  assert.deepEqual(await kind('GIF89a/*<script>alert(1)</script>*/=1;', 'a.html'), ['image', 'image/gif']);
});

test('names are shown and saved anywhere, and end as the content does', () => {
  const cases: [string, string, string][] = [
    ['Plan d’action.pdf', 'pdf', 'Plan d’action.pdf'],
    ['facture.pdf.exe', 'pdf', 'facture.pdf'],
    ['../../etc/passwd', 'txt', 'etc passwd.txt'],
    ['photo.JPEG', 'jpg', 'photo.jpeg'],
    ['a\u202egnp.exe', 'png', 'a gnp.png'],
    ['', 'png', 'fichier.png'],
    ['\ud800', 'png', '\ufffd.png'],
  ];
  for (const [given, extension, expected] of cases) assert.equal(fileName(given, extension), expected);
  assert.equal(fileName('n'.repeat(3_000), 'zip').length, 150);
  assert.equal(claimedKind('film.MOV'), 'video');
  assert.equal(claimedKind('nom sans fin'), null);
});

test('a name in a header cannot break out of it (RFC 6266)', () => {
  assert.equal(
    disposition('attachment', 'Été "1";\r\nx: y’.pdf'),
    `attachment; filename="Ete _1_;x: y.pdf"; filename*=UTF-8''%C3%89t%C3%A9%20%221%22%3B%0D%0Ax%3A%20y%E2%80%99.pdf`,
  );
});

test('parts of a file (RFC 9110 14.1.2)', () => {
  assert.deepEqual(rangeOf('bytes=0-3', 10), { start: 0, end: 3 });
  assert.deepEqual(rangeOf('bytes=5-', 10), { start: 5, end: 9 });
  assert.deepEqual(rangeOf('bytes=-3', 10), { start: 7, end: 9 });
  assert.deepEqual(rangeOf('bytes=-30', 10), { start: 0, end: 9 });
  assert.deepEqual(rangeOf('bytes=8-99', 10), { start: 8, end: 9 });
  assert.equal(rangeOf('bytes=10-', 10), 'unsatisfiable');
  assert.equal(rangeOf('bytes=-0', 10), 'unsatisfiable');
  for (const whole of [undefined, 'bytes=3-1', 'bytes=0-1,4-5', 'lines=0-1', 'bytes=-', 'bytes=a-b'])
    assert.equal(rangeOf(whole, 10), undefined, whole);
  assert.ok(matches('"a", W/"b"', '"b"') && matches('*', '"b"') && !matches('"bb"', '"b"'));
});
