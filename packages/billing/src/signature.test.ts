import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_WEBHOOK_BYTES, signWebhook, verifySignature, WebhookRejected } from './index.ts';

const raw = Buffer.from('{"id":"evt_1"}');
const now = new Date('2026-11-24T12:00:00Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const OLD = 'old-secret-0123456789';
const NEW = 'new-secret-0123456789';

const reason = (work: () => void): string | undefined => {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof WebhookRejected);
    return error.reason;
  }
  return undefined;
};

test('accepts what was signed, for five minutes either way', () => {
  const header = signWebhook(raw, now, [OLD]);
  for (const seconds of [0, 299, 300, -300])
    assert.equal(
      reason(() => verifySignature(raw, header, later(seconds), [OLD])),
      undefined,
      String(seconds),
    );
  assert.equal(
    reason(() => verifySignature(raw, header, later(301), [OLD])),
    'too-old',
  );
  assert.equal(
    reason(() => verifySignature(raw, header, later(-301), [OLD])),
    'from-the-future',
  );
});

test('lets secrets be replaced in either order', () => {
  const both = signWebhook(raw, now, [OLD, NEW]);
  const one = signWebhook(raw, now, [NEW]);
  for (const secrets of [[OLD], [NEW], [OLD, NEW], [NEW, OLD]])
    assert.equal(
      reason(() => verifySignature(raw, both, now, secrets)),
      undefined,
    );
  assert.equal(
    reason(() => verifySignature(raw, one, now, [OLD, NEW])),
    undefined,
  );
  assert.equal(
    reason(() => verifySignature(raw, one, now, [OLD])),
    'wrong-signature',
  );
});

test('refuses every forgery', () => {
  const header = signWebhook(raw, now, [OLD]);
  assert.equal(
    reason(() => verifySignature(Buffer.from('{"id": "evt_1"}'), header, now, [OLD])),
    'wrong-signature',
  );
  const moved = header.replace(/t=\d+/, `t=${now.getTime() / 1000 + 60}`);
  assert.equal(
    reason(() => verifySignature(raw, moved, now, [OLD])),
    'wrong-signature',
  );
  for (const broken of [
    undefined,
    '',
    'v1=abc',
    't=x,v1=00',
    `t=${now.getTime() / 1000}`,
    header.slice(0, -1),
    'x'.repeat(5_000),
  ])
    assert.equal(
      reason(() => verifySignature(raw, broken, now, [OLD])),
      'unsigned',
      broken?.slice(0, 40),
    );
  assert.equal(
    reason(() => verifySignature(raw, header, now, [])),
    'unsigned',
  );
  const large = Buffer.alloc(MAX_WEBHOOK_BYTES + 1);
  assert.equal(
    reason(() => verifySignature(large, signWebhook(large, now, [OLD]), now, [OLD])),
    'too-large',
  );
});
