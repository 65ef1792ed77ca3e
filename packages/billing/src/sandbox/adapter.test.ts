import assert from 'node:assert/strict';
import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import { afterEach, test } from 'node:test';
import type { Billing } from '../index.ts';
import { BillingError, createBilling } from '../index.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** The adapter against a server that misbehaves in one way. */
async function against(listener: RequestListener): Promise<Billing> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return createBilling({
    provider: 'sandbox',
    url: `http://127.0.0.1:${address.port}`,
    apiKey: 'sandbox_sk_x',
    webhookSecrets: ['0123456789abcdef'],
    timeoutMilliseconds: 100,
    retryMilliseconds: 1,
  });
}

async function fault(work: Promise<unknown>): Promise<BillingError['fault']> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof BillingError, String(error));
    return error.fault;
  }
  throw new Error('expected a BillingError');
}

const CHECKOUT = {
  object: 'checkout',
  id: 'cs_1',
  status: 'open',
  customer: 'cus_1',
  subscription: null,
  url: 'http://pay.localhost/checkout/cs_1',
  expiresAt: '2026-11-24T12:00:00Z',
};

test('repeats a write with the same idempotency key until it is answered', async () => {
  const keys: (string | undefined)[] = [];
  const billing = await against((request, response) => {
    keys.push(request.headers['idempotency-key']?.toString());
    if (keys.length === 1) return response.socket?.destroy();
    if (keys.length === 2) return response.writeHead(503).end('<html>');
    response.end(JSON.stringify(CHECKOUT));
  });
  assert.equal((await billing.expireCheckout('cs_1')).ref, 'cs_1');
  assert.equal(keys.length, 3);
  assert.equal(new Set(keys).size, 1);
});

test('gives up after four attempts, and after the time-out of each', async () => {
  let calls = 0;
  const billing = await against(() => {
    calls++;
  });
  assert.deepEqual(await fault(billing.getCheckout('cs_1')), { kind: 'transient' });
  assert.equal(calls, 4);
});

test('never takes an undocumented answer for a success', async () => {
  for (const body of [
    '{"message":"hello"}',
    '<html>',
    '{}',
    '',
    JSON.stringify({ ...CHECKOUT, status: 'odd' }),
  ]) {
    const billing = await against((_, response) => response.end(body));
    assert.deepEqual(await fault(billing.getCheckout('cs_1')), { kind: 'malformed-response' }, body);
  }
});

test('waits as long as the provider asks, unless that is too long', async () => {
  let calls = 0;
  const patient = await against((_, response) => {
    calls++;
    if (calls === 1) response.writeHead(429, { 'Retry-After': '0' }).end('{}');
    else response.end(JSON.stringify(CHECKOUT));
  });
  assert.equal((await patient.getCheckout('cs_1')).ref, 'cs_1');
  const busy = await against((_, response) => response.writeHead(429, { 'Retry-After': '60' }).end('{}'));
  assert.deepEqual(await fault(busy.getCheckout('cs_1')), { kind: 'rate-limited', retryAfterSeconds: 60 });
});

test('does not repeat what was declined', async () => {
  let calls = 0;
  const billing = await against((_, response) => {
    calls++;
    response.writeHead(402).end('{"error":{"type":"declined","code":"card_declined","message":"no"}}');
  });
  assert.deepEqual(await fault(billing.applyChange('sub_1', 'chg_1')), {
    kind: 'declined',
    code: 'card_declined',
  });
  assert.equal(calls, 1);
});
