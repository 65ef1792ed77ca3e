import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings } from './settings.ts';

const complete = {
  PORT: '8090',
  SANDBOX_DATABASE_URL: 'postgres://localhost/x',
  SANDBOX_API_KEY: 'sandbox_sk_0123456789',
  SANDBOX_WEBHOOK_SECRET: 'one-secret-0123456, another-secret-0123',
  SANDBOX_WEBHOOK_URL: 'http://127.0.0.1:3000/webhooks/sandbox',
  SANDBOX_PUBLIC_URL: 'http://pay.localhost:8080',
};

test('refuses production without the flag', () => {
  const production = { ...complete, NODE_ENV: 'production' };
  assert.throws(() => readSettings(production), /SANDBOX_ALLOW_PRODUCTION/);
  assert.equal(readSettings({ ...production, SANDBOX_ALLOW_PRODUCTION: '1' }).PORT, 8090);
});

test('names every variable that is missing', () => {
  assert.throws(() => readSettings({}), /PORT[\s\S]*SANDBOX_DATABASE_URL[\s\S]*SANDBOX_API_KEY/);
});

test('opens the panel to everybody only on localhost', () => {
  assert.equal(readSettings(complete).SANDBOX_PANEL, 'open');
  assert.equal(
    readSettings({ ...complete, SANDBOX_PUBLIC_URL: 'https://pay.preau.example' }).SANDBOX_PANEL,
    'key',
  );
  assert.equal(
    readSettings({ ...complete, SANDBOX_PUBLIC_URL: 'https://pay.notlocalhost' }).SANDBOX_PANEL,
    'key',
  );
  assert.deepEqual(readSettings(complete).SANDBOX_WEBHOOK_SECRET, [
    'one-secret-0123456',
    'another-secret-0123',
  ]);
});
