import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { localPath } from './localPath.ts';

test('keeps paths of this site', () => {
  for (const path of [
    '/',
    '/start/plan?interval=year',
    '/courses/a%20b?x=/y#top',
    '/en/account',
    '/a?next=https://x.test',
  ])
    assert.equal(localPath(path), path);
  assert.equal(localPath('/a/../b'), '/b');
});

const hostile = [
  '',
  '//evil.test',
  '///evil.test',
  '/\\evil.test',
  '\\/evil.test',
  '\\\\evil.test',
  '/\\/evil.test',
  '/..\\\\evil.test',
  '/.//evil.test',
  '/..//evil.test',
  '/a/..//evil.test',
  '/%2e//evil.test',
  '/a/%2e%2e//evil.test',
  '/\t/evil.test',
  '/\n/evil.test',
  '/\r\nSet-Cookie: a=b',
  '/\u0000/evil.test',
  '\t//evil.test',
  ' //evil.test',
  '/ /evil.test',
  '/\u00a0/evil.test',
  '/\u2028',
  '/\uff0fevil.test',
  '\uff0f\uff0fevil.test',
  '/\u3002evil.test',
  '/é',
  '/\u202eevil',
  'https://evil.test',
  'https:evil.test',
  'http:/evil.test',
  'HTTPS://evil.test',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  'file:///etc/passwd',
  'evil.test',
  '@evil.test',
  '.evil.test',
  '?next=//evil.test',
  '#//evil.test',
  `/${'a'.repeat(500)}`,
];
for (const address of hostile)
  test(`refuses ${JSON.stringify(address).slice(0, 60)}`, () => assert.equal(localPath(address), undefined));

test('refuses what is no text', () => {
  for (const value of [undefined, null, 1, {}, ['/a'], Symbol('x')])
    assert.equal(localPath(value), undefined);
});

test('whatever it answers stays on this site, read once or twice', () => {
  const sign = fc.constantFrom(
    ...'/\\.:@?#%2fFeE5cC \t\n\r\0éa-',
    '//',
    '/\\',
    '%2f',
    '%5c',
    'evil.test',
    'javascript:',
  );
  fc.assert(
    fc.property(fc.array(sign, { maxLength: 12 }), (parts) => {
      const path = localPath(`/${parts.join('')}`);
      if (path === undefined) return;
      assert.equal(new URL(path, 'https://here.test').origin, 'https://here.test');
      assert.equal(localPath(path), path);
    }),
    { numRuns: 5_000 },
  );
});
