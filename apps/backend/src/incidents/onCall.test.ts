import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testBackend } from '../testing/backend.ts';
import { tellOnCall } from './onCall.ts';

test('who is on call hears of each incident once, all of them', async () => {
  const backend = await testBackend({ ON_CALL_EMAIL: 'ana@preau.test, zoe@preau.test' });
  try {
    const report = (key: string, state: 'open' | 'closed') =>
      backend.operator.reportIncident({
        params: { key },
        body: { state, instanceId: null, kind: 'alert', severity: 'critical', title: `${key} est en panne` },
      });
    const told = async () => {
      await Promise.all([
        tellOnCall(backend.app, backend.platform),
        tellOnCall(backend.app, backend.platform),
      ]);
      const rows = await backend.platform.query<{ to: string; subject: string }>(
        `SELECT "to", subject FROM mails WHERE kind LIKE 'incident-%' ORDER BY created_at, "to"`,
      );
      return rows.map(({ to, subject }) => `${to} ${subject.slice(-16)}`);
    };
    assert.deepEqual(await told(), []);
    await report('un', 'open');
    await report('un', 'open');
    assert.deepEqual((await told()).length, 2);
    await report('un', 'closed');
    await report('un', 'open');
    assert.deepEqual((await told()).length, 4, 'a new incident of the same cause');
    assert.deepEqual((await told()).length, 4);
  } finally {
    await backend.close();
  }
});
