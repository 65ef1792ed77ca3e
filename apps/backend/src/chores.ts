import type { App } from './app.ts';
import { scanWaiting } from './assets/scan.ts';
import { sweepFiles } from './assets/sweep.ts';
import { anchor } from './audit/anchor.ts';
import { eraseParticulars } from './audit/erase.ts';
import { scheduleBackups } from './backups/schedule.ts';
import { pursueOverdue } from './billing/pursue.ts';
import type { Db } from './database/db.ts';
import { inScope } from './database/scope.ts';
import { expireExports } from './exports/remove.ts';
import { tellOnCall } from './incidents/onCall.ts';
import { watchMachines } from './machines/watch.ts';
import { openMailSender } from './mail/sender.ts';
import { measureLevels } from './metering/levels.ts';
import { rollUp } from './metering/rollUp.ts';
import { expireOrders } from './orders/checkout.ts';
import { scanPackages } from './packages/scan.ts';
import { dropOutlived } from './retention.ts';
import { remindOfRule } from './users/factorNotice.ts';

const MAIL_MS = 1_000;
const ORDERS_MS = 15_000;
const ON_CALL_MS = 15_000;
const OVERDUE_MS = 60_000;
const TOKENS_MS = 3_600_000;
const SCANS_MS = 60_000;
const FILES_MS = 6 * 3_600_000;
const ANCHOR_MS = 60_000;
const LEVELS_MS = 10 * 60_000;
const ROLL_UP_MS = 10 * 60_000;
const ERASE_MS = 24 * 3_600_000;
const BACKUPS_MS = 600_000;

/** What must happen although nobody asks: mails go out, reservations end, dunning goes on, secrets are swept up. */
export function startChores(app: App): { stop(): Promise<void> } {
  const db = app.db({ kind: 'platform' });
  const began = new Date();
  const sender = openMailSender(app);
  let everyLog = true;
  const chores: { every: number; work: () => Promise<unknown> }[] = [
    { every: MAIL_MS, work: () => sender.sweep() },
    { every: ORDERS_MS, work: () => expireOrders(db) },
    { every: ON_CALL_MS, work: () => watchMachines(db, began).then(() => tellOnCall(app, db)) },
    { every: OVERDUE_MS, work: () => pursueOverdue(db, app.settings.PREAU_PUBLIC_URL, Date.now()) },
    {
      every: SCANS_MS,
      work: async () =>
        app.scanner &&
        eachTenant(app, async (tenant) => {
          await scanWaiting(app, tenant);
          await scanPackages(app, tenant);
        }),
    },
    { every: FILES_MS, work: () => eachTenant(app, (tenant) => sweepFiles(app, tenant)) },
    {
      every: ANCHOR_MS,
      work: async () => {
        await anchor(app, everyLog);
        everyLog = false;
      },
    },
    { every: LEVELS_MS, work: () => eachTenant(app, (tenant) => measureLevels(app, tenant)) },
    {
      every: ROLL_UP_MS,
      work: () =>
        rollUp(db, { rates: app.settings.RATE_CARD, keepDays: app.settings.METER_DAYS }, Date.now()),
    },
    { every: BACKUPS_MS, work: () => scheduleBackups(app) },
    { every: BACKUPS_MS, work: () => expireExports(app) },
    { every: ERASE_MS, work: () => eraseParticulars(app) },
    { every: ERASE_MS, work: () => dropOutlived(db) },
    {
      every: TOKENS_MS,
      work: async () => {
        for (const table of [
          'account_sessions',
          'account_tokens',
          'account_challenges',
          'staff_sessions',
          'staff_challenges',
          'organisation_invitations',
        ])
          await db.query(`DELETE FROM ${table} WHERE expires_at < now() - interval '1 day'`);
        await db.query(`DELETE FROM throttles WHERE counted_at < now() - interval '2 days'`);
        await eachTenant(app, async (tenant) => {
          await tenant.query(SWEEP_USERS);
          await remindOfRule(tenant, db, app.settings.PREAU_PUBLIC_URL);
        });
      },
    },
  ];
  let stopped = false;
  const runs = chores.map(({ every, work }) => {
    let timer: NodeJS.Timeout | undefined;
    let running: Promise<void> = Promise.resolve();
    const round = () => {
      running = work()
        .then(
          () => {},
          (err: unknown) => app.log.warn({ err }, 'a chore failed, trying again'),
        )
        .finally(() => {
          if (!stopped) timer = setTimeout(round, every);
        });
    };
    timer = setTimeout(round, every);
    return {
      async stop() {
        clearTimeout(timer);
        await running;
      },
    };
  });
  return {
    async stop() {
      stopped = true;
      await Promise.all(runs.map((run) => run.stop()));
      sender.close();
    },
  };
}

/** What proves a tenant's people, where it has run out. */
const SWEEP_USERS = `
WITH sessions AS (DELETE FROM user_sessions WHERE expires_at < now() - interval '1 day'),
  tokens AS (DELETE FROM user_tokens WHERE expires_at < now() - interval '1 day'),
  challenges AS (DELETE FROM user_challenges WHERE expires_at < now() - interval '1 day')
DELETE FROM user_throttles WHERE counted_at < now() - interval '2 days'`;

/** Does work for one tenant after the other, each in its own scope. */
async function eachTenant(app: App, work: (db: Db) => Promise<unknown>): Promise<void> {
  const tenants = await app
    .db({ kind: 'platform' })
    .query<{ id: string }>(`SELECT id FROM tenants WHERE state NOT IN ('purged', 'aside')`);
  for (const { id } of tenants) {
    const scope = { kind: 'tenant', tenantId: id } as const;
    await inScope(scope, () => work(app.db(scope))).catch((err: unknown) =>
      app.log.warn({ err, tenantId: id }, 'a chore failed for a tenant'),
    );
  }
}
