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

test('what everybody knows of the person and the place makes no password, with whatever digits and signs', () => {
  const about = ['claire.durand@atelier.test', 'Claire Durand', 'L’Atelier du Nord'];
  for (const password of [
    'claire@atelier.test',
    'Atelier-Nord2026!',
    'àtelier du nord 1',
    'DURAND.claire.42',
    'Preau-Atelier-75',
    'préaupréaupréau1',
  ])
    assert.equal(isStrongPassword(password, about), false, password);
  for (const password of ['atelier des sept nains', 'claire fontaine', 'nord 5091 girouette'])
    assert.equal(isStrongPassword(password, about), true, password);
  assert.equal(isStrongPassword('84729105 6620', about), true, 'of nothing that is known');
});

test('a hash verifies its own password only, however it is composed', async () => {
  const hashed = await hashPassword('un été à la plage');
  assert.match(hashed, /^\$argon2id\$/);
  assert.equal(await verifyPassword(hashed, 'un été à la plage'.normalize('NFD')), true);
  assert.equal(await verifyPassword(hashed, 'un hiver à la plage'), false);
  assert.equal(await verifyPassword(null, 'nobody has this password'), false);
});
