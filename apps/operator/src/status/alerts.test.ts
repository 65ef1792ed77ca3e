import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openLog } from '../log.ts';
import { until } from '../testing/world.ts';
import { receiveAlerts } from './alerts.ts';
import { openStatus } from './server.ts';

const ALERTMANAGER = '/usr/bin/prometheus-alertmanager';
const SECRET = 'a secret of this test';

const open = new Map<string, string>();
const closed: string[] = [];
const status = openStatus({
  ready: () => true,
  families: () => [],
  alerts: receiveAlerts(SECRET, {
    log: openLog('silent'),
    backend: {
      reportIncident: async ({ params, body }) => {
        if (body.state === 'open') open.set(params.key, body.title);
        else if (open.delete(params.key)) closed.push(params.key);
        return undefined;
      },
    },
  }),
});
let folder: string;
let base: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preau-alerts-'));
  await new Promise<void>((listening) => status.listen(0, '127.0.0.1', listening));
  base = `http://127.0.0.1:${(status.address() as AddressInfo).port}`;
});
after(async () => {
  status.close();
  status.closeAllConnections();
  await rm(folder, { recursive: true, force: true });
});

const post = (body: string, authorization = `Bearer ${SECRET}`) =>
  fetch(`${base}/alerts`, { method: 'POST', headers: { authorization }, body }).then(
    (answer) => answer.status,
  );

test('who does not know the secret opens nothing, and nonsense is refused', async () => {
  const alert = {
    version: '4',
    alerts: [{ status: 'firing', fingerprint: 'ab', labels: { alertname: 'X' }, annotations: {} }],
  };
  assert.equal(await post(JSON.stringify(alert), 'Bearer wrong'), 401);
  assert.equal(await post(JSON.stringify(alert), ''), 401);
  assert.equal(await post('{"version":"3"}'), 400);
  assert.equal(await post('not JSON'), 400);
  assert.equal(open.size, 0);
  const without = openStatus({ ready: () => true, families: () => [] });
  await new Promise<void>((listening) => without.listen(0, '127.0.0.1', listening));
  const port = (without.address() as AddressInfo).port;
  assert.equal((await fetch(`http://127.0.0.1:${port}/alerts`, { method: 'POST' })).status, 405);
  without.close();
  without.closeAllConnections();
});

test('a real Alertmanager opens an incident and closes it', {
  skip: !existsSync(ALERTMANAGER) && 'the Debian package prometheus-alertmanager is not installed',
}, async () => {
  await writeFile(join(folder, 'secret'), SECRET);
  await writeFile(
    join(folder, 'alertmanager.yml'),
    `route: { receiver: preau, group_wait: 0s, group_interval: 1s }
receivers:
  - name: preau
    webhook_configs:
      - { url: '${base}/alerts', http_config: { authorization: { credentials_file: secret } } }
`,
  );
  const port = await freePort();
  const child = spawn(
    ALERTMANAGER,
    [
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    { stdio: 'ignore' },
  );
  try {
    const api = `http://127.0.0.1:${port}`;
    await until(
      'Alertmanager',
      async () => (await fetch(`${api}/-/ready`).catch(() => undefined))?.ok === true,
    );
    const alert = {
      labels: { alertname: 'QueueStuck', severity: 'critical', queue: 'mails' },
      annotations: { summary: 'The oldest of mails has been due for 14m' },
    };
    const tell = (more: object) =>
      fetch(`${api}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([{ ...alert, ...more }]),
      });
    assert.equal((await tell({})).status, 200);
    await until('the incident', () => open.size === 1);
    assert.deepEqual([...open.values()], [alert.annotations.summary]);
    const ended = new Date(Date.now() - 1).toISOString();
    assert.equal(
      (await tell({ startsAt: new Date(Date.now() - 60_000).toISOString(), endsAt: ended })).status,
      200,
    );
    await until('its end', () => closed.length === 1);
  } finally {
    await ended(child);
  }
});

async function ended(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
