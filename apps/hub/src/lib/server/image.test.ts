import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imageType, logoFrom, MAX_LOGO_BYTES } from './image.ts';

const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const file = (bytes: number[] | Uint8Array<ArrayBuffer>, name = 'logo.png', type = 'image/png') =>
  new File([new Uint8Array(bytes)], name, { type });

test('knows an image by its bytes, not by its name', async () => {
  assert.equal(imageType(new Uint8Array(png)), 'png');
  assert.equal(imageType(new Uint8Array([0xff, 0xd8, 0xff, 0xe0])), 'jpeg');
  assert.equal(imageType(new TextEncoder().encode('RIFF0000WEBPVP8 ')), 'webp');
  const svg = file([...new TextEncoder().encode('<svg onload=alert(1)>')]);
  assert.deepEqual(await logoFrom(svg), { refused: 'format' });
});

test('keeps a small image as a data URL', async () => {
  assert.deepEqual(await logoFrom(file(png)), { logo: 'data:image/png;base64,iVBORw0KGgo=' });
});

test('refuses what is too large; an empty input is no logo', async () => {
  assert.deepEqual(await logoFrom(file(new Uint8Array(MAX_LOGO_BYTES + 1))), { refused: 'large' });
  assert.equal(await logoFrom(file([])), null);
  assert.equal(await logoFrom(null), null);
});
