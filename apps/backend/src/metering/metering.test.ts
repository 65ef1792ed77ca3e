import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiProblem } from '@preau/contract';
import type { MeterSample } from '@preau/contract/platform/metering';
import { digestOf, newSecret } from '../http/secret.ts';
import { type TestBackend, type TestInstance, testBackend } from '../testing/backend.ts';
import { apply, checkOut, customer, placeOrder, snapshotOf } from '../testing/customer.ts';
import { measureLevels } from './levels.ts';
import { readLimits, tellLimits } from './limits.ts';
import { rollUp } from './rollUp.ts';
import { DAY_MS, dayOf } from './usage.ts';

let backend: TestBackend;
let atelier: TestInstance;
let staff: { session: string };
before(async () => {
  backend = await testBackend();
  atelier = await backend.instance('atelier');
  staff = { session: await staffSession() };
});
after(() => backend.close());

async function staffSession(): Promise<string> {
  const token = newSecret();
  await backend.platform.query(
    `WITH member AS (INSERT INTO staff (email, name, password_hash) VALUES ('ana@preau.test', 'Ana', '-') RETURNING id)
     INSERT INTO staff_sessions (staff_member_id, token_hash, stage, expires_at, confirmed_at)
     SELECT id, $1, 'session', now() + interval '1 hour', now() FROM member`,
    [digestOf(token)],
  );
  return token;
}

const GIB = 2 ** 30;
const sample = (instanceId: string, more: Partial<MeterSample> = {}): MeterSample => ({
  instanceId,
  standing: 'up',
  cpuSeconds: 6,
  memoryBytes: GIB,
  processes: 1,
  restarts: 0,
  requests: 10,
  egressBytes: 1_000,
  serverErrors: 0,
  latency: [9, 1, 0, 0, 0, 0, 0, 0],
  ...more,
});
const report = (at: number, ...samples: MeterSample[]) =>
  backend.operator.recordMeterMinute({ body: { minute: new Date(at).toISOString(), samples } });
const today = dayOf(Date.now()).getTime();
const forget = () =>
  backend.platform
    .query('DELETE FROM meter_minutes')
    .then(() => backend.platform.query('DELETE FROM meter_days'));
const roll = (now: number) =>
  rollUp(backend.platform, { rates: backend.app.settings.RATE_CARD, keepDays: 3 }, now);

test('a minute that is reported twice counts once; what nobody measured stays unknown', async () => {
  await report(today, sample(atelier.instanceId));
  await report(today, sample(atelier.instanceId, { requests: 99 }));
  await report(today + 60_000, sample(atelier.instanceId, { requests: null, cpuSeconds: null }));
  const rows = await backend.platform.query(
    'SELECT requests::int, cpu_seconds FROM meter_minutes ORDER BY at',
  );
  assert.deepEqual(
    rows.map(({ requests }) => requests),
    [10, null],
  );
  const { items, totals } = await backend.hub.listCosts({ ...staff, query: {} });
  assert.equal(items[0]?.minutes, 2);
  // Two minutes of a gibibyte, and six seconds of a processor.
  const rates = backend.app.settings.RATE_CARD;
  assert.ok(Math.abs((totals.parts.memory ?? 0) - (rates.memoryGibHour * 100 * 2) / 60) < 1e-6);
  assert.ok(Math.abs((totals.parts.processor ?? 0) - (rates.processorHour * 100 * 6) / 3_600) < 1e-6);
});

test('a day is written down once, whole, two hours after its end, and its minutes go later', async () => {
  await forget();
  const day = today - 10 * DAY_MS;
  for (let minute = 0; minute < 3; minute++) await report(day + minute * 60_000, sample(atelier.instanceId));
  await report(day + 3 * 60_000, sample(atelier.instanceId, { standing: 'down' }));
  await roll(day + DAY_MS + 3_600_000);
  assert.equal(
    (await backend.platform.query('SELECT 1 AS one FROM meter_days')).length,
    0,
    'late minutes may come',
  );
  await Promise.all([roll(day + DAY_MS + 3 * 3_600_000), roll(day + DAY_MS + 3 * 3_600_000)]);
  await roll(today);
  const [written, ...others] = await backend.platform.query(
    'SELECT minutes::int, up_minutes::int AS up, down_minutes::int AS down, requests::int FROM meter_days',
  );
  assert.deepEqual(written, { minutes: 4, up: 3, down: 1, requests: 40 });
  assert.equal(others.length, 0);
  assert.equal((await backend.platform.query('SELECT 1 AS one FROM meter_minutes')).length, 0);
  await report(day, sample(atelier.instanceId, { requests: 5_000 }));
  await roll(today);
  assert.equal(
    (await backend.platform.one<{ n: number }>('SELECT sum(requests)::int AS n FROM meter_days')).n,
    40,
  );
});

test('a paid platform brings in its price for the time that was measured', async () => {
  await forget();
  const buyer = await customer(backend, 'paula');
  const order = await checkOut(backend, buyer, await placeOrder(backend, buyer, 'payante'));
  const { instanceId } = await apply(backend, snapshotOf(order));
  assert.ok(instanceId);
  const november = Date.UTC(2026, 10, 2);
  for (let minute = 0; minute < 144; minute++) await report(november + minute * 60_000, sample(instanceId));
  const { items } = await backend.hub.listCosts({
    ...staff,
    query: { from: '2026-11-01', to: '2026-11-30' },
  });
  const row = items.find((each) => each.instanceId === instanceId);
  // A tenth of a day of a month of thirty.
  assert.ok(row && Math.abs(row.priceMinor - order.totalMinor / 300) < 1e-6, String(row?.priceMinor));
  const csv = await backend.hub.exportCosts({ ...staff, query: { from: '2026-11-01', to: '2026-11-30' } });
  assert.match(await csv.text(), /payante/);
  const health = await backend.hub.getInstanceHealth({ session: buyer.session, params: { instanceId } });
  assert.equal(health.days.length, 30);
  const stranger = await customer(backend, 'etienne');
  await assert.rejects(
    backend.hub.getInstanceHealth({ session: stranger.session, params: { instanceId } }),
    (error) => error instanceof ApiProblem && error.is('not-found'),
  );
});

test('a day that stands out from its own past opens an incident, an ordinary one closes it', async () => {
  await forget();
  const costs = [3, 3.2, 2.9, 3.1, 3, 2.8, 3.1, 40, 3];
  const first = today - costs.length * DAY_MS;
  const open = () =>
    backend.platform.query<{ title: string }>(
      `SELECT title FROM incidents WHERE kind = 'cost' AND state = 'open'`,
    );
  for (const [index, gib] of costs.entries()) {
    const day = first + index * DAY_MS;
    for (let minute = 0; minute < 3; minute++)
      await report(day + minute * 60_000, sample(atelier.instanceId, { memoryBytes: Math.round(gib * GIB) }));
    await roll(day + DAY_MS + 3 * 3_600_000);
    assert.equal((await open()).length, gib === 40 ? 1 : 0, `day ${index}`);
  }
});

test('staff see a day of an instance with its gaps', async () => {
  await forget();
  const now = Math.floor(Date.now() / 60_000) * 60_000;
  await report(
    now - 3_600_000,
    sample(atelier.instanceId, { latency: [0, 0, 0, 10, 0, 0, 0, 0], restarts: 1 }),
  );
  const { points, days, memoryLimitBytes } = await backend.hub.getInstanceMetering({
    ...staff,
    params: { instanceId: atelier.instanceId },
  });
  const measured = points.filter(({ minutes }) => minutes > 0);
  assert.equal(measured.length, 1);
  assert.equal(measured[0]?.p95Seconds, 0.5);
  assert.equal(measured[0]?.processors, 0.1);
  assert.equal(measured[0]?.restarts, 1);
  assert.equal(points.find(({ minutes }) => minutes === 0)?.requests, null);
  assert.equal(days.length, 30);
  assert.equal(memoryLimitBytes, 256 * 2 ** 20);
  const { items } = await backend.hub.readFleet(staff);
  assert.ok(items.some(({ slug }) => slug === 'atelier'));
});

test('a customer is told once that a limit comes near, and again after it was far away', async () => {
  const { organisationId } = await backend.platform.one<{ organisationId: string }>(
    'SELECT organisation_id AS "organisationId" FROM instances WHERE id = $1',
    [atelier.instanceId],
  );
  await backend.platform.query(
    `INSERT INTO organisation_members (organisation_id, account_id, role)
     SELECT $1, id, 'owner' FROM accounts WHERE email = 'atelier@exemple.test'`,
    [organisationId],
  );
  const limit = (learners: number) =>
    backend.platform.query(
      `UPDATE tenants SET entitlements = jsonb_set(entitlements, '{learners}', to_jsonb($2::int)) WHERE id = $1`,
      [atelier.tenantId, learners],
    );
  const told = async () =>
    (
      await backend.platform.query(`SELECT kind FROM mails WHERE kind LIKE 'limit-%' ORDER BY created_at`)
    ).map(({ kind }) => kind);
  for (let each = 0; each < 4; each++) await atelier.signedIn('learner');
  await limit(5);
  await measureLevels(backend.app, atelier.db);
  await measureLevels(backend.app, atelier.db);
  assert.deepEqual(await told(), ['limit-learners-near']);
  await limit(4);
  await measureLevels(backend.app, atelier.db);
  assert.deepEqual(await told(), ['limit-learners-near', 'limit-learners-full']);
  await limit(50);
  await measureLevels(backend.app, atelier.db);
  await limit(5);
  await measureLevels(backend.app, atelier.db);
  assert.equal((await told()).length, 3);
  const { bytes } = await backend.platform.one<{ bytes: number }>(
    'SELECT database_bytes::float8 AS bytes FROM meter_levels WHERE instance_id = $1',
    [atelier.instanceId],
  );
  assert.ok(bytes > 0 && bytes < 10_000_000, `${bytes} bytes`);
});

test('traffic is that of this month, minutes and written days together, each once', async () => {
  const mebibyte = 1024 * 1024;
  const traffic = async () => {
    const { limits } = await readLimits(backend.platform, atelier.instanceId);
    return limits.find(({ kind }) => kind === 'traffic');
  };
  assert.equal(await traffic(), undefined, 'what was sold before has no limit');
  await backend.platform.query(
    `UPDATE tenants SET entitlements = jsonb_set(entitlements, '{trafficMegabytes}', '1000') WHERE id = $1`,
    [atelier.tenantId],
  );
  const before = await traffic();
  assert.ok(before);
  const minute = (at: string) =>
    backend.platform.query(
      `INSERT INTO meter_minutes (instance_id, at, standing, egress_bytes) VALUES ($1, ${at}, 'up', $2)
       ON CONFLICT (instance_id, at) DO UPDATE SET egress_bytes = meter_minutes.egress_bytes + excluded.egress_bytes`,
      [atelier.instanceId, 300 * mebibyte],
    );
  await minute(`now()`);
  await minute(`date_trunc('month', now(), 'UTC') - interval '1 minute'`);
  assert.equal((await traffic())?.used, before.used + 300 * mebibyte);
  await backend.platform.query(
    `INSERT INTO meter_days (instance_id, day, minutes, up_minutes, down_minutes, cpu_seconds, memory_byte_minutes,
       requests, server_errors, egress_bytes, storage_byte_minutes, database_byte_minutes, mails, parts, cost_minor, price_minor)
     VALUES ($1, date_trunc('day', now(), 'UTC'), 1, 1, 0, 0, 0, 0, 0, $2, 0, 0, 0, '{}', 0, 0)`,
    [atelier.instanceId, 900 * mebibyte],
  );
  const written = await traffic();
  assert.equal(written?.level, 'near');
  assert.ok(written.used >= 900 * mebibyte && written.used < 1_200 * mebibyte, `${written.used} bytes`);
});

test('processor time of this month counts in hours of one core, and 80 % of them are told', async () => {
  await backend.platform.query(
    `UPDATE tenants SET entitlements = jsonb_set(entitlements, '{processorHours}', '10') WHERE id = $1`,
    [atelier.tenantId],
  );
  await backend.platform.query(
    `UPDATE meter_days SET cpu_seconds = 8.5 * 3600 WHERE instance_id = $1 AND day = date_trunc('day', now(), 'UTC')`,
    [atelier.instanceId],
  );
  const { limits } = await readLimits(backend.platform, atelier.instanceId);
  const processor = limits.find(({ kind }) => kind === 'processor');
  assert.equal(processor?.level, 'near');
  assert.ok(processor.used >= 8.5 && processor.used < 9, `${processor.used} hours`);
  await tellLimits(backend.platform, 'https://preau.test', atelier.instanceId);
  const { subject, text } = await backend.platform.one<{ subject: string; text: string }>(
    `SELECT subject, text FROM mails WHERE kind = 'limit-processor-near'`,
  );
  assert.match(`${subject} ${text}`, /calcul mensuel[\s\S]*8,5\s?h[\s\S]*10\s?h/);
});
