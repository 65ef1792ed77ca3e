import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ApiProblem, operations, readEvents } from '@preau/contract';
import { digestOf, newSecret } from '../http/secret.ts';
import { testBackend } from '../testing/backend.ts';
import { addedTo } from './log.ts';

test('what is new follows on what was shown, whatever was cut off before', () => {
  assert.deepEqual(addedTo(['a', 'b'], ['a', 'b', 'c']), ['c']);
  assert.deepEqual(addedTo(['a', 'b', 'c'], ['b', 'c', 'd', 'e']), ['d', 'e']);
  assert.deepEqual(addedTo(['a', 'a'], ['a', 'a', 'a']), ['a']);
  assert.deepEqual(addedTo(['a'], ['x']), ['x']);
  assert.deepEqual(addedTo([], ['x']), ['x']);
  assert.deepEqual(addedTo(['a'], ['a']), []);
});

test('staff follow the log of an instance, which the audit log tells', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'preau-log-'));
  const control = join(folder, 'operator.sock');
  let lines = ['one', 'two'];
  const operator = createServer((request, response) => {
    response.end(JSON.stringify({ lines: request.url?.startsWith('/logs/') ? lines : [] }));
  });
  await new Promise<void>((listening) => operator.listen(control, listening));
  const backend = await testBackend({ OPERATOR_CONTROL: control });
  try {
    const { instanceId } = await backend.instance('atelier');
    const session = newSecret();
    await backend.platform.query(
      `WITH member AS (INSERT INTO staff (email, name, password_hash) VALUES ('ana@preau.test', 'Ana', '-') RETURNING id)
       INSERT INTO staff_sessions (staff_member_id, token_hash, stage, expires_at, confirmed_at)
       SELECT id, $1, 'session', now() + interval '1 hour', now() FROM member`,
      [digestOf(session)],
    );
    const gone = new AbortController();
    const params = { instanceId };
    const events = readEvents(
      await backend.hub.watchInstanceLog({ session, params, signal: gone.signal }),
      operations.watchInstanceLog.response,
    );
    assert.deepEqual((await events.next()).value, { lines: ['one', 'two'] });
    lines = ['one', 'two', 'three'];
    assert.deepEqual((await events.next()).value, { lines: ['three'] });
    gone.abort();
    const { items } = await backend.hub.listAuditEntries({ session, query: { action: 'instance.log-read' } });
    assert.deepEqual(
      items.map(({ target }) => target),
      [instanceId],
    );
    operator.close();
    operator.closeAllConnections();
    await assert.rejects(
      backend.hub.watchInstanceLog({ session, params }),
      (error) => error instanceof ApiProblem && error.is('unavailable'),
    );
  } finally {
    await backend.close();
    await rm(folder, { recursive: true, force: true });
  }
});
