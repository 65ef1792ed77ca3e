import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seal, unseal } from './seal.ts';

test('opens with its own secret only, unchanged', () => {
  const sealed = seal('JBSWY3DPEHPK3PXP', 'one secret of ours');
  assert.equal(unseal(sealed, 'one secret of ours'), 'JBSWY3DPEHPK3PXP');
  assert.doesNotMatch(sealed, /JBSWY/);
  assert.notEqual(seal('JBSWY3DPEHPK3PXP', 'one secret of ours'), sealed);
  assert.throws(() => unseal(sealed, 'another secret'));
  const bent = Buffer.from(sealed, 'base64url');
  bent[14] = (bent[14] ?? 0) ^ 1;
  assert.throws(() => unseal(bent.toString('base64url'), 'one secret of ours'));
});
