import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './paths.ts';
import { billOf } from './sbom.ts';

const { components } = billOf(readFileSync(join(root, 'package-lock.json'), 'utf8'));

test('every package of the lock file is in the bill once, with its version and digest', () => {
  assert.ok(components.length > 500);
  assert.equal(new Set(components.map(({ purl }) => purl)).size, components.length);
  for (const { purl, hashes } of components) {
    assert.match(purl, /^pkg:npm\/(%40[^/]+\/)?[^/@]+@\d+\.\d+\.\d+/);
    assert.match(hashes?.[0]?.content ?? '', /^[0-9a-f]{128}$/, purl);
  }
});

test('what is only for development says so', () => {
  const scopeOf = (name: string) => components.find((each) => each.name === name)?.scope;
  assert.equal(scopeOf('pg'), 'required');
  assert.equal(scopeOf('@biomejs/biome'), 'excluded');
});
