import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as fontkit from 'fontkit';
import { sfntOf } from './fonts.ts';

test('a WOFF file unpacks to a font with the same letters', () => {
  const path = '@fontsource/noto-sans/files/noto-sans-latin-400-normal.woff';
  const woff = readFileSync(fileURLToPath(import.meta.resolve(path)));
  const sfnt = sfntOf(woff);
  assert.equal(sfnt.readUInt32BE(0), 0x00010000);
  assert.ok(fontkit.create(sfnt).hasGlyphForCodePoint(0xe9));
  assert.throws(() => sfntOf(sfnt), /not a WOFF/);
});
