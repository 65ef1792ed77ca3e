/** That a request keeps its name, that the status page stands alone, and that a synthetic customer gets through. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { visitAnswer } from '@preau/contract/wake';
import pg from 'pg';
import { faults } from './accessibility.ts';
import { signIn } from './trainer.ts';
import { demoPassword, journey, useWorld, visitor } from './world.ts';

const world = useWorld();

test('the id that the gateway gives a request is the one in the audit log, from the hub and from a platform', async () => {
  const { context, page } = await visitor(world());
  const named = new Set<string>();
  page.on('response', (response) => {
    if (response.request().method() === 'POST') named.add(response.headers()['x-request-id'] ?? '');
  });
  const client = new pg.Client({ connectionString: world().platform.databaseUrl });
  await client.connect();
  const last = async (table: string, action: string) => {
    const { rows } = await client.query(
      `SELECT request_id AS id FROM ${table} WHERE action = $1 ORDER BY at DESC LIMIT 1`,
      [action],
    );
    return String(rows[0]?.id);
  };
  try {
    await journey('request-ids', [context], async () => {
      await signIn(page, world().site('demo'), 'admin@demo.test', demoPassword);
      assert.ok(named.has(await last('audit_entries', 'session.opened')), 'signing in to a platform');
      await page.goto(`${world().hub}/connexion`);
      await page.locator('input[name="email"]').fill('claire@atelier.test');
      await page.locator('input[name="password"]').fill(demoPassword);
      await page.locator('main form button:not([type="button"])').last().click();
      await page.waitForURL(/\/account/);
      assert.ok(
        named.has(await last('platform_audit_entries', 'account.signed-in')),
        'signing in to the hub',
      );
    });
  } finally {
    await client.end();
  }
});

test('the status page is there in both languages, for everybody', async () => {
  const { context, page } = await visitor(world());
  await journey('status', [context], async () => {
    for (const [path, language] of [
      ['/', 'fr'],
      ['/en', 'en'],
    ] as const) {
      await page.goto(`${world().site('status')}${path}`);
      assert.equal(await page.locator('section').count(), 4);
      assert.deepEqual(await faults(page, language), []);
    }
    const answer = await page.goto(`${world().site('status')}/status.json`);
    assert.ok(answer);
    assert.equal((await answer.json()).components.length, 3);
  });
});

test('a synthetic customer goes the whole way without a script, and nothing of it is left', async () => {
  const { platform } = world();
  const answer = await new Promise<string>((resolve, reject) => {
    request(
      { socketPath: join(platform.dataDir, 'operator.sock'), method: 'POST', path: '/visits' },
      async (sent) => resolve(Buffer.concat(await sent.toArray()).toString()),
    )
      .on('error', reject)
      .end();
  });
  const { blocked, took } = visitAnswer.parse(JSON.parse(answer));
  assert.equal(blocked, null);
  assert.deepEqual(Object.keys(took), ['home', 'account', 'order', 'payment', 'live', 'sign-in', 'deletion']);
  const client = new pg.Client({ connectionString: platform.databaseUrl });
  await client.connect();
  try {
    for (const [table, column] of [
      ['accounts', 'email'],
      ['organisations', 'name'],
      ['instances', 'slug'],
      ['mails', '"to"'],
    ]) {
      const { rowCount } = await client.query(
        `SELECT 1 FROM ${table} WHERE ${column} LIKE 'visite-%' OR ${column} = 'Visite de contrôle'`,
      );
      assert.equal(rowCount, 0, `${table} still know a synthetic customer`);
    }
  } finally {
    await client.end();
  }
});
