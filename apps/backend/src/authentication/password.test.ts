import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashPassword, isStrongPassword, verifyPassword } from './password.ts';

test('length counts, composition does not', () => {
  assert.equal(isStrongPassword('onze lettre'), false);
  assert.equal(isStrongPassword('trois petits chats'), true);
  assert.equal(isStrongPassword('préau-demo-2026'), true);
  assert.equal(isStrongPassword('𝒶𝒷𝒸'.repeat(2)), false, 'characters, not UTF-16 units');
});

test('what is tried first is refused', () => {
  for (const password of [
    '123qweasdzxc',
    '1Q2W3E4R5T6Y',
    'aaaaaaaaaaaaa',
    'abcabcabcabcabc',
    'abcdefghijklmn',
    '123456789012',
    '987654321098',
  ])
    assert.equal(isStrongPassword(password), false, password);
  assert.equal(isStrongPassword('claire@atelier.test', ['claire@atelier.test']), false);
});

test('a hash verifies its own password only, however it is composed', async () => {
  const hashed = await hashPassword('un été à la plage');
  assert.match(hashed, /^\$argon2id\$/);
  assert.equal(await verifyPassword(hashed, 'un été à la plage'.normalize('NFD')), true);
  assert.equal(await verifyPassword(hashed, 'un hiver à la plage'), false);
  assert.equal(await verifyPassword(null, 'nobody has this password'), false);
});
