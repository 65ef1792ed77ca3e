import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { ask, type TestGateway, type TestServer, testGateway, testServer } from './testing/gateway.ts';

let gateway: TestGateway;
let behind: TestServer;
let releases: string;
before(async () => {
  gateway = await testGateway();
  releases = join(dirname(dirname(gateway.snapshot)), 'releases');
  behind = await testServer((request, response) => {
    const known = request.url === '/_next/static/chunks/new-1.js' || request.url === '/';
    response.writeHead(known ? 200 : 404, { 'content-type': 'text/html' }).end(known ? 'new' : 'its own 404');
  });
  await gateway.routes.put('acme.preau.test', { state: 'live', endpoint: behind.url });
});
after(async () => {
  await gateway.close();
  await behind.close();
});

function put(release: string, name: string, content: string): void {
  const path = join(releases, release, 'apps/lms/.next/static', name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  writeFileSync(`${path}.br`, brotliCompressSync(content));
}
const page = (path: string, headers = {}, method = 'GET') =>
  ask(gateway, { host: 'acme.preau.test', path, headers, method });

test('a file of another release is had from its folder, and only where the process has none of that name', async () => {
  put('r1', 'chunks/old-1.js', 'old');
  put('r1', 'chunks/new-1.js', 'not this one');
  const old = await page('/_next/static/chunks/old-1.js');
  assert.equal(old.status, 200);
  assert.equal(old.body, 'old');
  assert.equal(old.headers['content-type'], 'text/javascript; charset=utf-8');
  assert.match(String(old.headers['cache-control']), /immutable/);
  assert.equal(old.headers['x-content-type-options'], 'nosniff');
  assert.equal((await page('/_next/static/chunks/new-1.js')).body, 'new');
  const head = await page('/_next/static/chunks/old-1.js', {}, 'HEAD');
  assert.deepEqual([head.status, head.headers['content-length'], head.body], [200, '3', '']);
});

test('it is sent compressed to who can read that', async () => {
  const { headers } = await page('/_next/static/chunks/old-1.js', { 'accept-encoding': 'gzip, br' });
  assert.equal(headers['content-encoding'], 'br');
  assert.equal(Number(headers['content-length']), brotliCompressSync('old').length);
  assert.equal(brotliDecompressSync(brotliCompressSync('old')).toString(), 'old');
});

test('nothing else is: no path that leads out of it, no other 404', async () => {
  writeFileSync(join(releases, 'r1', 'secret.js'), 'secret');
  for (const path of [
    '/_next/static/../../../../secret.js',
    '/_next/static/..%2f..%2f..%2f..%2fsecret.js',
    '/_next/static/chunks/none.js',
    '/_next/static/',
  ]) {
    const { status, body } = await page(path);
    assert.equal(status, 404, path);
    assert.ok(!body.includes('secret'), path);
  }
  assert.equal((await page('/courses/none')).body, 'its own 404');
  assert.equal((await page('/_next/static/chunks/none.js', {}, 'POST')).body, 'its own 404');
});

test('a release that is gone takes its files with it', async () => {
  rmSync(join(releases, 'r1'), { recursive: true });
  assert.equal((await page('/_next/static/chunks/old-1.js')).status, 404);
});
