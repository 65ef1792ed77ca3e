import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DAYS_KEPT, History } from './history.ts';
import { look, targetsOf } from './probe.ts';
import { createStatusServer } from './server.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preau-status-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const NOON = Date.UTC(2026, 5, 15, 12);
const SECONDS = 1_000;

test('one failure is not told, two open an outage since the first, two good ones close it', () => {
  const history = new History(join(folder, 'turns'));
  history.note('api', 'good', NOON);
  history.note('api', 'bad', NOON + 30 * SECONDS);
  assert.equal(history.component('api').state, 'good');
  history.note('api', 'bad', NOON + 60 * SECONDS);
  assert.equal(history.component('api').state, 'bad');
  assert.equal(history.outages[0]?.startedAt, new Date(NOON + 30 * SECONDS).toISOString());
  history.note('api', 'good', NOON + 90 * SECONDS);
  history.note('api', 'bad', NOON + 120 * SECONDS);
  history.note('api', 'good', NOON + 150 * SECONDS);
  assert.equal(history.component('api').state, 'bad', 'one good look between failures ends nothing');
  history.note('api', 'slow', NOON + 180 * SECONDS);
  assert.equal(history.component('api').state, 'slow');
  assert.equal(history.outages[0]?.endedAt, new Date(NOON + 150 * SECONDS).toISOString());
  assert.equal(history.outages.length, 1);
});

test('ninety days are kept, days without a look are none', () => {
  const history = new History(join(folder, 'days'));
  for (let day = 0; day < 200; day += 2) history.note('site', 'good', NOON + day * 86_400_000);
  const days = history.days('site', NOON + 199 * 86_400_000);
  assert.equal(days.length, DAYS_KEPT);
  assert.equal(history.component('site').days.length <= DAYS_KEPT, true);
  assert.equal(days.filter(({ found }) => found === undefined).length, 45);
});

test('the history survives a restart, and a file that is none is set aside', async () => {
  const dataDir = join(folder, 'kept');
  const first = new History(dataDir);
  first.note('site', 'good', NOON);
  await Promise.all([first.save(), first.save()]);
  assert.equal(new History(dataDir).component('site').days[0]?.good, 1);
  await writeFile(join(dataDir, 'status/history.json'), '{"version":1,');
  const told: string[] = [];
  assert.equal(new History(dataDir, (line) => told.push(line)).component('site').state, 'unknown');
  assert.equal(told.length, 1);
  assert.ok((await readdir(join(dataDir, 'status'))).includes('history.json.unreadable'));
});

test('a page is good only if it is the page', async () => {
  const gateway = createServer((request, response) => {
    if (request.headers.host === 'demo.preau.test') response.end('<input type="password">');
    else if (request.headers.host === 'preau.test') response.end('<h1>Something else</h1>');
    else response.writeHead(502).end('"ok"');
  });
  await new Promise<void>((listening) => gateway.listen(0, '127.0.0.1', listening));
  const at = new URL(`http://127.0.0.1:${(gateway.address() as AddressInfo).port}`);
  const found = await Promise.all(
    targetsOf('http://preau.test', 'http://demo.preau.test').map(async (target) => [
      target.component,
      await look(target, at),
    ]),
  );
  assert.deepEqual(Object.fromEntries(found), { site: 'bad', api: 'bad', platforms: 'good' });
  gateway.close();
  gateway.closeAllConnections();
  assert.equal(await look({ component: 'site', url: new URL('http://preau.test') }, at), 'bad');
});

test('the page, the feed and the JSON say the same, in both languages', async () => {
  const history = new History(join(folder, 'served'));
  history.note('api', 'bad', NOON);
  history.note('api', 'bad', NOON + 30 * SECONDS);
  const server = createStatusServer(() => ({
    history,
    components: ['site', 'api'],
    publicUrl: 'http://preau.test',
    origin: 'http://status.preau.test',
    now: NOON + 60 * SECONDS,
  }));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(base + path, { headers, redirect: 'manual' });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const french = await get('/', { 'accept-language': 'fr-FR' });
  assert.match(french.text, /Une partie du service ne répond pas/);
  assert.match(french.headers.get('content-security-policy') ?? '', /style-src 'sha256-/);
  const led = await get('/', { 'accept-language': 'en-GB' });
  assert.equal(led.headers.get('location'), '/en');
  assert.match((await get('/en')).text, /A part of the service does not answer/);
  const { state, components } = JSON.parse((await get('/status.json')).text);
  assert.equal(state, 'bad');
  assert.equal(components[1].days.at(-1).available, 0);
  assert.equal(components[0].days.at(-1).available, null);
  assert.match((await get('/feed.atom')).text, /<entry>\n<id>http:\/\/status\.preau\.test\/#api-/);
  assert.equal((await get('/elsewhere')).status, 404);
  assert.equal((await fetch(base, { method: 'POST' })).status, 405);
  server.close();
  server.closeAllConnections();
});
