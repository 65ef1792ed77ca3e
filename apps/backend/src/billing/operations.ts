import { operations } from '@preau/contract';
import { record } from '../audit/record.ts';
import { notify } from '../database/events.ts';
import { type Implementation, implement } from '../http/implement.ts';
import { PAYING, requireMember } from '../organisations/membership.ts';
import { applyFetched } from './apply.ts';
import { readPending, replayEntry, settleEntry, storeEntry } from './inbox.ts';
import { readBilling, readKnown } from './read.ts';

export const billingOperations: Implementation[] = [
  implement(operations.storeInboxEntry, ({ db, body }) => storeEntry(db, body)),
  implement(operations.listPendingInbox, async ({ db }) => ({ items: await readPending(db) })),
  implement(operations.settleInboxEntry, ({ db, params, body }) => settleEntry(db, params.entryId, body)),
  implement(operations.getSubscriptionRevision, async ({ db, params }) => {
    const known = await db.maybe<{ revision: number }>(
      'SELECT revision::int AS revision FROM subscriptions WHERE provider = $1 AND ref = $2',
      [params.provider, params.ref],
    );
    return { revision: known?.revision ?? 0 };
  }),
  implement(operations.applySubscription, ({ db, app, params, body }) =>
    applyFetched(db, app.settings.PREAU_PUBLIC_URL, { ...params, ...body }, Date.now()),
  ),
  implement(operations.getBilling, async ({ db, caller, params }) => {
    await requireMember(db, caller, params.organisationId, PAYING);
    return readBilling(db, params.organisationId);
  }),
  implement(operations.listKnownSubscriptions, ({ db }) => readKnown(db)),
  implement(operations.replayInboxEntry, ({ db, params }) =>
    db.transaction(async (tx) => {
      const entry = await replayEntry(tx, params.entryId);
      await record(tx, { action: 'inbox.replayed', target: entry.id });
      await notify(tx, 'preau_work', { kind: 'inbox', id: entry.id });
      return entry;
    }),
  ),
];
