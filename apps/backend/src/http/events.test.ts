import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readEvents } from '@preau/contract';
import { instance } from '@preau/contract/platform/instances';
import { type TestBackend, testBackend } from '../testing/backend.ts';
import { digestOf, newSecret } from './secret.ts';

const PROMPT_MS = 2_000;
const STOP_MS = 5_000;

let backend: TestBackend;
let closed = false;
const session = newSecret();
let instanceId: string;

before(async () => {
  backend = await testBackend();
  ({ instanceId } = await backend.instance('atelier'));
  await backend.platform.query(
    `WITH owner AS (
       INSERT INTO organisation_members (organisation_id, account_id, role)
       SELECT i.organisation_id, o.account_id, 'owner' FROM instances i JOIN orders o ON o.id = i.order_id
       WHERE i.id = $1 RETURNING account_id
     )
     INSERT INTO account_sessions (account_id, token_hash, expires_at)
     SELECT account_id, $2, now() + interval '1 hour' FROM owner`,
    [instanceId, digestOf(session)],
  );
});
after(async () => {
  if (!closed) await backend?.close();
});

const watch = () => backend.hub.watchInstance({ session, params: { instanceId } });

test('a watcher sees the state at once, then each change', async () => {
  const response = await watch();
  assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  const events = readEvents(response, instance);
  assert.equal((await events.next()).value?.power, 'stopped');
  const begun = Date.now();
  const change = events.next();
  await backend.operator.observeInstance({ params: { instanceId }, body: { power: 'awake' } });
  assert.equal((await change).value?.power, 'awake');
  assert.ok(Date.now() - begun < PROMPT_MS);
  await events.return(undefined);
});

test('somebody else’s platform is not there to watch', async () => {
  const other = await backend.instance('voisin');
  await assert.rejects(
    backend.hub.watchInstance({ session, params: { instanceId: other.instanceId } }),
    /not-found/,
  );
});

test('open streams do not hold up the end', async () => {
  const events = readEvents(await watch(), instance);
  await events.next();
  const begun = Date.now();
  closed = true;
  await backend.close();
  assert.ok(Date.now() - begun < STOP_MS);
  assert.equal((await events.next().catch(() => ({ done: true }))).done, true);
});
