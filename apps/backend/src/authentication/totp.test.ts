import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from 'otpauth';
import { acceptedStep, createTotpSecret, totpUri } from './totp.ts';

/** The test secret of RFC 6238, appendix B. */
const secret = new Secret({ buffer: new TextEncoder().encode('12345678901234567890').buffer }).base32;

test('codes of RFC 6238, six digits', () => {
  assert.equal(acceptedStep(secret, '287082', null, 59_000), 1);
  assert.equal(acceptedStep(secret, '081804', null, 1_111_111_109_000), 37_037_036);
  assert.equal(acceptedStep(secret, '287083', null, 59_000), null);
});

test('a code works once, and none before it afterwards', () => {
  assert.equal(acceptedStep(secret, '287082', 1, 59_000), null);
  assert.equal(acceptedStep(secret, '287082', 2, 59_000), null);
  assert.equal(acceptedStep(secret, '287082', 0, 59_000), 1);
});

test('clocks may be half a minute apart, not more', () => {
  assert.equal(acceptedStep(secret, '287082', null, 85_000), 1);
  assert.equal(acceptedStep(secret, '287082', null, 120_000), null);
});

test('a new secret has 160 bits and an address for apps', () => {
  const fresh = createTotpSecret();
  assert.match(fresh, /^[A-Z2-7]{32}$/);
  assert.match(
    totpUri(fresh, 'Préau', 'staff@preau.test'),
    /^otpauth:\/\/totp\/Pr%C3%A9au:staff%40preau\.test\?/,
  );
});
