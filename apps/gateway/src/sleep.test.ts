import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Route } from '@preau/contract/gateway';
import type { WakeAnswer } from '@preau/contract/wake';
import { listenPrivately } from '@preau/identity/privateSocket';
import { RouteTable } from './routes.ts';
import type { Answer, TestGateway, TestServer } from './testing/gateway.ts';
import { ask, testGateway, testServer, until } from './testing/gateway.ts';

const HOST = 'acme.preau.test';
const HOLD_MS = 500;
const browser = { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate', 'Accept-Language': 'fr' };
const crawler = { 'User-Agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' };

/** The operator's side of its control socket, which wakes when the test says so. */
class Operator {
  readonly path: string;
  readonly asked: string[] = [];
  answer: () => Promise<WakeAnswer> | WakeAnswer = () => ({ state: 'later' });
  #server: Server | undefined;
  readonly #answering = new Set<Promise<WakeAnswer>>();

  constructor(path: string) {
    this.path = path;
  }

  async open(): Promise<void> {
    this.#server = createServer(async (request, response) => {
      this.asked.push(`${request.method} ${request.url}`);
      const answering = Promise.resolve(this.answer());
      this.#answering.add(answering);
      response.end(JSON.stringify(await answering));
      this.#answering.delete(answering);
    });
    await listenPrivately(this.#server, this.path);
  }

  async close(): Promise<void> {
    await Promise.all(this.#answering);
    this.#server?.close();
    this.#server?.closeAllConnections();
    this.#server = undefined;
  }
}

describe('a platform that sleeps', () => {
  let gateway: TestGateway;
  let lms: TestServer;
  let operator: Operator;
  let held: ServerResponse[];
  const folder = mkdtempSync(join(tmpdir(), 'preau-sleep-'));

  before(async () => {
    operator = new Operator(join(folder, 'operator.sock'));
    gateway = await testGateway({ operator: operator.path, holdMs: HOLD_MS });
    lms = await testServer((request, response) => {
      if (request.url === '/stream') {
        response.write('data: 1\n\n');
        held.push(response);
        return;
      }
      let received = 0;
      request.on('data', (chunk: Buffer) => (received += chunk.length));
      request.on('end', () => response.end(`lms ${request.url} ${received}`));
    });
    lms.server.on('upgrade', (_, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
      socket.on('end', () => socket.end());
      socket.on('error', () => undefined);
    });
  });
  beforeEach(async () => {
    held = [];
    operator.asked.length = 0;
    operator.answer = () => ({ state: 'later' });
    await operator.open();
    await gateway.routes.put(HOST, { state: 'sleeping', name: 'Atelier', locale: 'fr' });
  });
  afterEach(() => operator.close());
  after(async () => {
    await gateway.close();
    await lms.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const visit = (
    path = '/',
    headers: Record<string, string> = {},
    more: { method?: string; body?: Buffer } = {},
  ) => ask(gateway, { host: HOST, path, headers, ...more });
  const live = () =>
    gateway.routes.put(HOST, { state: 'live', endpoint: lms.url, name: 'Atelier', locale: 'fr' });
  const waking = async (): Promise<WakeAnswer> => {
    await live();
    return { state: 'awake' };
  };
  const sleep = (idleMilliseconds = 0, endpoint = lms.url, evenInUse = false): Promise<Answer> =>
    ask(
      { socketPath: gateway.socketPath },
      {
        method: 'POST',
        path: `/routes/${HOST}/sleep`,
        body: JSON.stringify({ endpoint, idleMilliseconds, evenInUse }),
      },
    );

  it('is woken once for a hundred requests, and every body arrives whole', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    operator.answer = async () => {
      await promise;
      return waking();
    };
    const body = Buffer.alloc(512 * 1024, 'a');
    const answers = Array.from({ length: 100 }, (_, n) =>
      n % 10 === 0 ? visit('/post', {}, { method: 'POST', body }) : visit(`/deep/link?from=mail&n=${n}`),
    );
    await until(() => gateway.routes.get(HOST)?.traffic.active === 100);
    resolve();
    for (const [n, { status, body: text }] of (await Promise.all(answers)).entries()) {
      assert.equal(status, 200);
      assert.equal(text, n % 10 === 0 ? `lms /post ${body.length}` : `lms /deep/link?from=mail&n=${n} 0`);
    }
    assert.deepEqual(operator.asked, [`POST /wakes/${HOST}`]);
  });

  it('shows people a page that comes again by itself, and programs a problem', async () => {
    const page = await visit('/courses/7?x=1&y="', browser);
    assert.equal(page.status, 503);
    assert.match(page.body, /<h1>Atelier se réveille<\/h1>/);
    const address = `http://${HOST}:8080/courses/7?x=1&amp;y=&quot;`;
    assert.ok(
      page.body.includes(`<noscript><meta http-equiv="refresh" content="5;url=${address}"></noscript>`),
    );
    assert.equal(page.headers['retry-after'], '2');
    assert.equal(page.headers['cache-control'], 'no-store');
    const problem = await visit('/api', { Accept: '*/*' });
    assert.equal(problem.status, 503);
    assert.equal(problem.headers['content-type'], 'application/problem+json');
    assert.equal(problem.headers['retry-after'], '2');
    assert.equal(JSON.parse(problem.body).type, 'urn:preau:problem:gateway-sleeping');
    await until(() => gateway.metrics.text(new Map()).includes('preau_gateway_held 0'));
  });

  it('keeps a form that a browser has sent off until the platform is there', async () => {
    setTimeout(() => (operator.answer = waking), 3 * HOLD_MS);
    const body = Buffer.alloc(900 * 1024, 'b');
    const sent = await visit('/answers', browser, { method: 'POST', body });
    assert.equal(sent.body, `lms /answers ${body.length}`);
  });

  it('answers 5xx after a start that failed, and tries again after a pause', async () => {
    operator.answer = () => ({ state: 'failed', retryAfterSeconds: 1 });
    const failed = await visit('/', browser);
    assert.equal(failed.status, 503);
    assert.match(failed.body, /Atelier n’a pas pu démarrer/);
    assert.equal(failed.headers['retry-after'], '1');
    assert.equal((await visit('/', browser)).headers['preau-state'], 'failed');
    assert.equal(operator.asked.length, 1);
    operator.answer = waking;
    let answer = await visit();
    for (; answer.status !== 200; answer = await visit()) assert.equal(answer.status, 503);
    assert.equal(operator.asked.length, 2);
  });

  it('is not woken by bots, monitors and health checks', async () => {
    operator.answer = waking;
    for (const agent of [
      crawler['User-Agent'],
      'facebookexternalhit/1.1',
      'Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)',
      'kube-probe/1.31',
      'Preau-Operator',
    ]) {
      const { status, headers } = await visit('/', { 'User-Agent': agent });
      assert.equal(status, 503, agent);
      assert.equal(headers['retry-after'], '600');
    }
    const health = await visit('/healthz');
    assert.deepEqual([health.status, health.body], [200, '{"status":"sleeping"}']);
    assert.deepEqual(operator.asked, []);
    for (const agent of [
      'curl/8.5.0',
      'Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit',
      'Stripe/1.0',
    ]) {
      assert.equal((await visit('/', { 'User-Agent': agent })).status, 200, agent);
    }
  });

  it('waits for an operator that is away, and wakes when it is back', async () => {
    await operator.close();
    assert.equal((await visit('/', browser)).status, 503);
    const patient = visit('/answers', browser, { method: 'POST', body: Buffer.from('text') });
    operator.answer = waking;
    await operator.open();
    assert.equal((await patient).body, 'lms /answers 4');
  });

  it('wakes for a WebSocket', async () => {
    operator.answer = waking;
    const socket = connect(gateway.port, '127.0.0.1');
    const first = new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))));
    socket.write(
      `GET /live HTTP/1.1\r\nHost: ${HOST}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    );
    assert.match(await first, /^HTTP\/1.1 101/);
    assert.equal((await sleep()).status, 409, 'an open socket keeps it awake');
    const forced: Route = JSON.parse((await sleep(0, lms.url, true)).body);
    assert.deepEqual([forced.state, forced.draining[0]?.inFlight], ['sleeping', 1], 'unless nobody is asked');
    await live();
    socket.destroy();
    await until(() => gateway.routes.get(HOST)?.traffic.active === 0);
    assert.equal((await sleep()).status, 200);
  });

  it('does not fall asleep while it is used, or was a moment ago', async () => {
    await live();
    const stream = visit('/stream');
    await until(() => held.length === 1);
    const route = () => gateway.routes.describe(HOST);
    assert.equal(route()?.traffic.idleSince, null);
    assert.equal((await sleep()).status, 409);
    held[0]?.end();
    await stream;
    assert.equal((await sleep(60_000)).status, 409);
    assert.equal((await sleep(0, 'http://127.0.0.1:9')).status, 409, 'another process serves it');
    const idle = route()?.traffic.idleSince;
    await visit('/', crawler);
    await visit('/healthz');
    assert.equal(route()?.traffic.idleSince, idle, 'watchers are no use');
    const watched = visit('/stream', crawler);
    await until(() => held.length === 2);
    const slept: Route = JSON.parse((await sleep()).body);
    assert.equal(slept.state, 'sleeping');
    assert.equal(slept.draining.length, 1);
    held[1]?.end();
    assert.equal((await watched).status, 200, 'what a watcher had begun ends in peace');
    assert.equal(new RouteTable(gateway.snapshot).get(HOST)?.state, 'sleeping');
    assert.equal((await sleep()).status, 200, 'repeating changes nothing');
  });

  it('loses no request while it goes to sleep and wakes over and over', async () => {
    await live();
    operator.answer = waking;
    let slept = 0;
    let going = true;
    const sleeper = (async () => {
      while (going) if ((await sleep()).status === 200) slept++;
    })();
    const visitors = Array.from({ length: 4 }, async (_, n) => {
      for (let i = 0; i < 60; i++) {
        assert.equal((await visit(`/${n}/${i}`)).status, 200);
        await new Promise((resolve) => setTimeout(resolve, (i * 7 + n * 3) % 11));
      }
    });
    await Promise.all(visitors);
    going = false;
    await sleeper;
    assert.ok(slept > 3, `slept ${slept} times`);
  });
});
