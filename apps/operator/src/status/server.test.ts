import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { call } from '../endpoint.ts';
import { openStatus } from './server.ts';

let ready = false;
const server = openStatus({
  ready: () => ready,
  families: () => [
    { name: 'a', help: 'A thing', type: 'gauge', samples: [{ labels: { b: 'say "c"\n' }, value: 1 }] },
    { name: 'd', help: 'Another', type: 'summary', samples: [{ suffix: '_sum', value: 0.5 }] },
  ],
});
let endpoint: string;
before(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
after(() => server.close());

const status = async (path: string, method = 'GET') =>
  (await call(endpoint, { path, method, timeoutMs: 1000 })).status;

test('health follows readiness; what is not offered is refused', async () => {
  assert.equal(await status('/healthz'), 503);
  ready = true;
  assert.equal(await status('/healthz'), 200);
  assert.equal(await status('/elsewhere'), 404);
  assert.equal(await status('/healthz', 'POST'), 405);
});

test('metrics are Prometheus text, labels escaped', async () => {
  const { body, headers } = await call(endpoint, { path: '/metrics', timeoutMs: 1000 });
  assert.match(String(headers['content-type']), /^text\/plain; version=0\.0\.4/);
  assert.equal(
    body,
    '# HELP a A thing\n# TYPE a gauge\na{b="say \\"c\\"\\n"} 1\n# HELP d Another\n# TYPE d summary\nd_sum 0.5\n',
  );
});
