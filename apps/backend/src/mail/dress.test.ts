import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dress } from './dress.ts';
import { accountExists, organisationInvitation, verifyAddress } from './hubLetters.ts';
import { house } from './letter.ts';
import { userInvitation } from './tenantLetters.ts';

test('the text part says what the HTML part says', () => {
  const letter = verifyAddress('fr', { url: 'http://localhost:8080/verify?token=abc', hours: 24 });
  const { html, text } = dress(letter, house, 'fr');
  for (const part of [
    letter.subject,
    ...letter.paragraphs,
    ...letter.small,
    'http://localhost:8080/verify?token=abc',
  ])
    assert.ok(text.includes(part), part);
  assert.match(html, /<html lang="fr">/);
  assert.doesNotMatch(html, /<img/);
});

test('what people typed is never markup', () => {
  const letter = organisationInvitation('en', {
    url: 'http://localhost/x?a=1&b="2"',
    organisation: '<script>alert(1)</script>',
    inviter: '"><img src=x onerror=alert(1)>',
    days: 7,
  });
  const { html } = dress(
    letter,
    { tenantId: null, name: '<b>École</b>', colour: 'red;background:url(x)' },
    'en',
  );
  assert.doesNotMatch(html, /<script|<img|<b>/);
  assert.match(html, /&lt;b&gt;École/);
});

test('both languages, both houses', () => {
  assert.equal(accountExists('en', { url: 'http://x' }).subject, 'You already have an account');
  const letter = userInvitation('fr', {
    url: 'http://x',
    platform: 'École',
    inviter: 'Ana',
    course: 'Le shell',
    days: 7,
  });
  const { html } = dress(letter, { tenantId: null, name: 'École', colour: '#ffff00' }, 'fr');
  assert.match(html, /École, avec Préau/);
});
