import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cookieName } from './cookieName.ts';

test('a cookie is bound to its host wherever the address is https', () => {
  assert.equal(cookieName('session', 'https://demo.preau.fr'), '__Host-session');
  assert.equal(cookieName('session', 'http://demo.localhost:8080'), 'session');
});
