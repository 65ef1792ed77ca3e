import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dropOutlived } from './retention.ts';
import { testTenants } from './testing/tenants.ts';

test('mails, events and incidents end when they have served', async () => {
  const tenants = await testTenants();
  try {
    const { platform } = tenants;
    const aged = (days: number) => new Date(Date.now() - days * 24 * 3_600_000);
    for (const [state, days] of [
      ['sent', 91],
      ['sent', 89],
      ['queued', 200],
    ] as const)
      await platform.query(
        `INSERT INTO mails ("to", subject, kind, locale, html, text, state, due_at, created_at)
         VALUES ('a@b.test', $1 || $2, 'test', 'fr', '', '', $1::text::enum_mails_state, now(), $3)`,
        [state, String(days), aged(days)],
      );
    for (const [state, days] of [
      ['done', 181],
      ['done', 10],
      ['dead', 181],
      ['pending', 500],
    ] as const)
      await platform.query(
        `INSERT INTO inbox_entries (provider, livemode, event_id, type, occurred_at, payload, state, due_at, created_at)
         VALUES ('sandbox', false, $1 || $2, 'test', now(), '{}', $1::text::enum_inbox_entries_state, now(), $3)`,
        [state, String(days), aged(days)],
      );
    await dropOutlived(platform);
    const names = async (sql: string) =>
      (await platform.query<{ name: string }>(sql)).map(({ name }) => name);
    assert.deepEqual(await names('SELECT subject AS name FROM mails ORDER BY 1'), ['queued200', 'sent89']);
    assert.deepEqual(await names('SELECT event_id AS name FROM inbox_entries ORDER BY 1'), [
      'dead181',
      'done10',
      'pending500',
    ]);
  } finally {
    await tenants.close();
  }
});
