import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { skeletonOf, subdomainFault, suggestionsFor } from './subdomain.ts';

test('labels of host names only', () => {
  for (const slug of ['acme', 'acme-formation', '3d-ecole', 'a'.repeat(40)])
    assert.equal(subdomainFault(slug), null, slug);
  for (const slug of [
    'ab',
    '-acme',
    'acme-',
    'ac--me',
    'xn--acm-epa',
    'acmé',
    'ac.me',
    'ac_me',
    'Acme',
    'a'.repeat(41),
    '',
  ])
    assert.equal(subdomainFault(slug), 'malformed', slug);
});

test('reserved words and what looks like them', () => {
  for (const slug of ['www', 'api', 'pay', 'admin', 'adm1n', 'supp0rt', 'log1n', 'preau', 'lms'])
    assert.equal(subdomainFault(slug), 'reserved', slug);
});

test('look-alikes share a skeleton, others do not', () => {
  for (const [one, other] of [
    ['acme', 'acrne'],
    ['acme', 'a-cme'],
    ['google', 'g00g1e'],
    ['wave', 'vvave'],
    ['paradis', 'paracl1s'],
  ] as const)
    assert.equal(skeletonOf(one), skeletonOf(other), `${one} ${other}`);
  assert.notEqual(skeletonOf('acme'), skeletonOf('acmes'));
});

test('suggestions may always be used', () => {
  assert.deepEqual(suggestionsFor('École d’été').slice(0, 2), ['ecole-d-ete', 'ecole-d-ete-formation']);
  fc.assert(
    fc.property(fc.string({ maxLength: 60, unit: 'grapheme' }), (text) => {
      const names = suggestionsFor(text);
      assert.ok(names.length >= 3);
      for (const name of names) assert.equal(subdomainFault(name), null);
    }),
  );
});
