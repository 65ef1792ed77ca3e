import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seal, unseal } from './seal.ts';

test('opens with its own secret only, unchanged', () => {
  const sealed = seal('JBSWY3DPEHPK3PXP', 'one secret of ours');
  assert.equal(unseal(sealed, 'one secret of ours'), 'JBSWY3DPEHPK3PXP');
  assert.doesNotMatch(sealed, /JBSWY/);
  assert.notEqual(seal('JBSWY3DPEHPK3PXP', 'one secret of ours'), sealed);
  assert.throws(() => unseal(sealed, 'another secret'));
  const [version, text = ''] = sealed.split('.');
  const bent = Buffer.from(text, 'base64url');
  bent[14] = (bent[14] ?? 0) ^ 1;
  assert.throws(() => unseal(`${version}.${bent.toString('base64url')}`, 'one secret of ours'));
});

test('says by which version it was sealed; what was sealed before there were any still opens', () => {
  const [version, text = ''] = seal('JBSWY3DPEHPK3PXP', 'one secret of ours').split('.');
  assert.equal(version, 'v1');
  assert.equal(unseal(text, 'one secret of ours'), 'JBSWY3DPEHPK3PXP');
  assert.throws(() => unseal(`v2.${text}`, 'one secret of ours'), /version/);
});
