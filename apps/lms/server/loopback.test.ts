import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { fetchLoopback, loopbackOrigin } from './loopback.ts';

const server = createServer((request, response) => {
  if (request.url === '/document') response.writeHead(204).end();
  else response.writeHead(200, { 'Set-Cookie': ['a=1', 'b=2'] }).end(request.headers.rsc);
});
before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
after(() => server.close());

test('Next asks its own listener, and is told so where a page is a document', async () => {
  const elsewhere = globalThis.fetch;
  fetchLoopback(() => (server.address() as AddressInfo).port);
  try {
    const page = await fetch(`${loopbackOrigin}/page`, { headers: { rsc: '1' } });
    assert.equal(await page.text(), '1');
    assert.deepEqual(page.headers.getSetCookie(), ['a=1', 'b=2']);
    const document = await fetch(`${loopbackOrigin}/document`, { headers: { rsc: '1' } });
    assert.equal(document.status, 204);
    assert.equal(document.body, null);
  } finally {
    globalThis.fetch = elsewhere;
    delete process.env.__NEXT_PRIVATE_ORIGIN;
  }
});
