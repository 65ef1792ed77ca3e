import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillPlain, readPlain } from './plain.ts';

test('places are filled', () => {
  const pieces = readPlain('{percent} de {title}, {percent}.');
  assert.ok(pieces);
  assert.equal(fillPlain(pieces, { percent: '40 %', title: '{x}' }), '40 % de {x}, 40 %.');
});

test('a message without places is itself', () => {
  assert.deepEqual(readPlain('Terminé'), ['Terminé']);
});

test('what needs ICU is left to it', () => {
  for (const message of ['{n, plural, one {#} other {#}}', "l'{x}", '<b>{x}</b>', '{x'])
    assert.equal(readPlain(message), null);
});
