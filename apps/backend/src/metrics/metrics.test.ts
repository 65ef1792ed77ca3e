import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePort } from '../../../../tools/process.ts';
import { testBackend } from '../testing/backend.ts';

test('metrics are shown on a port of their own, and nowhere else', async () => {
  const port = await freePort();
  const backend = await testBackend({ METRICS_PORT: String(port) });
  try {
    await backend.hub.listPlans();
    await backend.hub.getAccount({ session: 'nobody-has-this-session' }).catch(() => undefined);
    await fetch(`${backend.url}/v1/nowhere`);
    for (const [key, kind] of [
      ['stays-down', 'process'],
      ['alert:ab', 'ProcessGone'],
    ] as const)
      await backend.operator.reportIncident({
        params: { key },
        body: { state: 'open', instanceId: null, kind, severity: 'critical', title: 'Une panne' },
      });
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
    assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    const text = await answer.text();
    for (const line of [
      'preau_backend_requests_total{operation="listPlans",status="2xx"} 1',
      'preau_backend_requests_total{operation="getAccount",status="4xx"} 1',
      'preau_backend_requests_total{operation="none",status="4xx"} 1',
      'preau_backend_request_seconds_bucket{identity="public",le="+Inf"} 1',
      'preau_backend_connections_waited_for{role="tenant"} 0',
      'preau_backend_queue_length{queue="mails"} 0',
      'preau_incidents_open{kind="process",severity="critical"} 1',
      'preau_backend_denials_total{type="not-authenticated",fault="session"} 1',
    ])
      assert.ok(text.includes(`${line}\n`), `${line}\n${text}`);
    assert.ok(!text.includes('kind="ProcessGone"'), 'the incident of an alert is no alert');
    assert.match(text, /^process_resident_memory_bytes \d+$/m);
    assert.equal((await fetch(`${backend.url}/metrics`)).status, 404);
    assert.equal((await fetch(`http://127.0.0.1:${port}/v1/plans`)).status, 404);
  } finally {
    await backend.close();
  }
});
