import assert from 'node:assert/strict';
import { test } from 'node:test';
import { securityTxt } from './securityTxt.ts';

const host = 'https://acme.preau.test';
const hub = 'https://preau.test';

test('has the fields of RFC 9116, each as often as it may be given', () => {
  const lines = securityTxt({ host, hub, email: 'securite@preau.test' }).trimEnd().split('\n');
  const fields = lines.map((line) => /^([A-Za-z-]+): \S/.exec(line)?.[1]);
  assert.deepEqual(fields, [
    'Contact',
    'Contact',
    'Expires',
    'Preferred-Languages',
    'Canonical',
    'Policy',
    'Policy',
  ]);
  for (const line of lines.filter((one) => /^(Contact|Canonical|Policy)/.test(one)))
    assert.match(line, /: (https:\/\/|mailto:)/);
});

test('never expires while it is served, and always within a year', () => {
  for (const now of [Date.now(), Date.UTC(2031, 1, 28, 23, 59, 59, 999)]) {
    const expires = Date.parse(/Expires: (.*)/.exec(securityTxt({ host, hub, now }))?.[1] ?? '');
    const days = (expires - now) / 86_400_000;
    assert.ok(days > 178 && days <= 180, String(days));
  }
});
