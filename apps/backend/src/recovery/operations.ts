import { operations } from '@preau/contract';
import type { personKind } from '@preau/contract/platform/recovery';
import type { z } from 'zod';
import { accountCircle } from '../accounts/circle.ts';
import { listPage } from '../admin/page.ts';
import type { App } from '../app.ts';
import type { Db } from '../database/db.ts';
import { likePattern } from '../database/like.ts';
import { type Implementation, implement } from '../http/implement.ts';
import { staffCircle } from '../staff/circle.ts';
import { endHubSessions } from './endSessions.ts';
import { resetHubFactors } from './reset.ts';

const circleOf = (kind: z.infer<typeof personKind>, db: Db, { settings }: App) =>
  kind === 'staff' ? staffCircle(db, settings) : accountCircle(db, settings);

export const recoveryOperations: Implementation[] = [
  implement(operations.listHubPeople, ({ db, query: { kind, search, ...page } }) =>
    listPage(db, page, {
      ...PEOPLE[kind],
      order: 'p.name, p.id',
      values: [search ? likePattern(search) : null],
    }),
  ),
  implement(operations.resetHubFactors, ({ app, db, caller, params, body, visitor }) =>
    resetHubFactors(
      circleOf(body.kind, db, app),
      caller,
      { personId: params.personId, reason: body.reason },
      visitor,
    ),
  ),
  implement(operations.endHubSessions, ({ app, db, caller, params, body }) =>
    endHubSessions(circleOf(body.kind, db, app), caller, {
      personId: params.personId,
      reason: body.reason,
    }),
  ),
];

const item = (passkeys: string, owner: string, organisations: string) => `json_build_object(
  'id', p.id, 'name', p.name, 'email', p.email, 'createdAt', p.created_at, 'organisations', ${organisations},
  'secondFactor', p.totp_confirmed_at IS NOT NULL OR EXISTS (SELECT 1 FROM ${passkeys} k WHERE k.${owner} = p.id))`;
const matching = '($1::text IS NULL OR p.name ILIKE $1 OR p.email ILIKE $1)';

const PEOPLE = {
  account: {
    item: item(
      'account_passkeys',
      'account_id',
      `(SELECT coalesce(json_agg(g.name ORDER BY g.name), '[]') FROM organisation_members m
        JOIN organisations g ON g.id = m.organisation_id WHERE m.account_id = p.id)`,
    ),
    from: `FROM accounts p WHERE p.verified_at IS NOT NULL AND ${matching}`,
  },
  staff: {
    item: item('staff_passkeys', 'staff_member_id', `'[]'::json`),
    from: `FROM staff p WHERE ${matching}`,
  },
};
