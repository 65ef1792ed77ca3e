import assert from 'node:assert/strict';
import { test } from 'node:test';
import { safeNext } from './next.ts';

test('keeps paths of this site', () => {
  assert.equal(safeNext('/start/plan?interval=year', '/x'), '/start/plan?interval=year');
});

test('refuses every way off this site', () => {
  const bad = [
    '//evil.test',
    '/\\evil.test',
    'https://evil.test',
    'javascript:x',
    '/a\nb',
    '/a b',
    '',
    '/..\\x',
  ];
  for (const next of bad) assert.equal(safeNext(next, '/home'), '/home', next);
  assert.equal(safeNext(null, '/home'), '/home');
});
