import { operations } from '@preau/contract';
import type { App } from '../app.ts';
import { subscriptionFrom, subscriptionSql } from '../billing/view.ts';
import { likePattern } from '../database/like.ts';
import { type Implementation, implement } from '../http/implement.ts';
import { found, refuse } from '../http/problem.ts';
import { instanceSql, operationSql } from '../instances/view.ts';
import { readOverview } from './overview.ts';
import { listPage } from './page.ts';

const OPERATIONS_SHOWN = 50;

const pattern = (search: string | undefined) => (search ? likePattern(search) : null);

/**
 * What a platform writes to its people is theirs: staff see that it was sent, not to whom or about what. The
 * error of a mail server may quote the address.
 */
const staffMailSql = `json_build_object('id', m.id, 'to', CASE WHEN m.tenant_id IS NULL THEN m."to" ELSE '' END,
  'subject', CASE WHEN m.tenant_id IS NULL THEN m.subject ELSE '' END, 'kind', m.kind, 'locale', m.locale,
  'tenantSlug', (SELECT t.slug FROM tenants t WHERE t.id = m.tenant_id), 'state', m.state,
  'attempts', m.attempts::int, 'error', CASE WHEN m.tenant_id IS NULL THEN m.error
    ELSE regexp_replace(m.error, '\\S+@\\S+', '…', 'g') END, 'createdAt', m.created_at)`;
const mailSql = `json_build_object('id', m.id, 'to', m."to", 'subject', m.subject, 'kind', m.kind, 'locale', m.locale,
  'tenantSlug', (SELECT t.slug FROM tenants t WHERE t.id = m.tenant_id), 'state', m.state,
  'attempts', m.attempts::int, 'error', m.error, 'createdAt', m.created_at)`;
const inboxSql = `json_build_object('id', e.id, 'provider', e.provider, 'livemode', e.livemode, 'eventId', e.event_id,
  'type', e.type, 'subscriptionRef', e.subscription_ref, 'state', e.state, 'attempts', e.attempts::int,
  'error', e.error, 'receivedAt', e.created_at)`;
const incidentSql = `json_build_object('id', n.id, 'instanceId', n.instance_id,
  'slug', (SELECT i.slug FROM instances i WHERE i.id = n.instance_id), 'kind', n.kind, 'severity', n.severity,
  'title', n.title, 'state', n.state, 'openedAt', n.created_at, 'closedAt', n.closed_at)`;
/** An outbox may be read only where the machine keeps its mails: never beside a real mail server. */
function requireOutbox(app: App): void {
  if (!app.settings.OUTBOX_READABLE) refuse('not-found');
}

/** What staff see and do, beyond what the other rooms already offer. */
export const adminOperations: Implementation[] = [
  implement(operations.adminOverview, ({ app, db }) => readOverview(app, db)),

  implement(operations.listTenants, ({ db, query }) =>
    listPage(db, query, {
      item: `json_build_object('id', t.id, 'slug', t.slug, 'name', t.name, 'organisationId', g.id,
        'organisationName', g.name, 'instanceId', i.id, 'lifecycle', i.lifecycle, 'planCode', p.code,
        'planName', v.texts -> 'name', 'createdAt', t.created_at)`,
      from: `FROM tenants t JOIN instances i ON i.tenant_id = t.id JOIN organisations g ON g.id = i.organisation_id
        JOIN plan_versions v ON v.id = i.plan_version_id JOIN plans p ON p.id = v.plan_id
        WHERE ($1::text IS NULL OR t.slug ILIKE $1 OR t.name ILIKE $1 OR g.name ILIKE $1)
          AND ($2::text IS NULL OR i.lifecycle::text = $2)`,
      order: 't.created_at DESC, t.id DESC',
      values: [pattern(query.search), query.lifecycle ?? null],
    }),
  ),

  implement(operations.listAllInstances, ({ db, query, app }) =>
    listPage(db, query, {
      item: instanceSql(app, 'staff'),
      from: `FROM instances i WHERE ($1::text IS NULL OR i.slug ILIKE $1 OR i.name ILIKE $1)
          AND ($2::text IS NULL OR i.lifecycle::text = $2) AND ($3::text IS NULL OR i.health::text = $3)`,
      order: 'i.created_at DESC, i.id DESC',
      values: [pattern(query.search), query.lifecycle ?? null, query.health ?? null],
    }),
  ),

  implement(operations.getAnyInstance, async ({ db, params, app }) => {
    const row = await db.maybe<{ answer: never }>(
      `SELECT json_build_object('instance', ${instanceSql(app, 'staff')},
         'operations', (SELECT coalesce(json_agg(latest.item), '[]') FROM
            (SELECT ${operationSql('staff')} AS item FROM operations o WHERE o.instance_id = i.id
             ORDER BY o.created_at DESC LIMIT $2) latest),
         'keys', (SELECT coalesce(json_agg(json_build_object('kid', k.kid, 'createdAt', k.created_at,
            'revokedAt', k.revoked_at) ORDER BY k.created_at DESC), '[]') FROM instance_keys k WHERE k.instance_id = i.id),
         'policy', json_build_object('channel', i.channel, 'pinnedRelease', i.pinned_release)
       ) AS answer FROM instances i WHERE i.id = $1`,
      [params.instanceId, OPERATIONS_SHOWN],
    );
    return found(row).answer;
  }),

  implement(operations.listAllOperations, ({ db, query }) =>
    listPage(db, query, {
      item: `(${operationSql('staff')}::jsonb || jsonb_build_object('slug', i.slug, 'error', o.error))`,
      from: `FROM operations o JOIN instances i ON i.id = o.instance_id
        WHERE ($1::text IS NULL OR i.slug ILIKE $1) AND ($2::text IS NULL OR o.state::text = $2)
          AND ($3::text IS NULL OR o.type::text = $3)`,
      order: 'o.created_at DESC, o.id DESC',
      values: [pattern(query.search), query.state ?? null, query.type ?? null],
    }),
  ),

  implement(operations.listAllSubscriptions, ({ db, query }) =>
    listPage(db, query, {
      item: subscriptionSql,
      from: `${subscriptionFrom}
        WHERE ($1::text IS NULL OR g.name ILIKE $1 OR s.ref ILIKE $1) AND ($2::text IS NULL OR s.state = $2)`,
      order: 's.created_at DESC, s.id DESC',
      values: [pattern(query.search), query.state ?? null],
    }),
  ),

  implement(operations.listInbox, ({ db, query }) =>
    listPage(db, query, {
      item: inboxSql,
      from: 'FROM inbox_entries e WHERE ($1::text IS NULL OR e.state::text = $1)',
      order: 'e.created_at DESC, e.id DESC',
      values: [query.state ?? null],
    }),
  ),

  implement(operations.listIncidents, ({ db, query }) =>
    listPage(db, query, {
      item: incidentSql,
      from: 'FROM incidents n WHERE ($1::text IS NULL OR n.state::text = $1)',
      order: `(n.state = 'open') DESC, n.created_at DESC, n.id DESC`,
      values: [query.state ?? null],
    }),
  ),

  implement(operations.listMails, ({ db, query }) =>
    listPage(db, query, {
      item: staffMailSql,
      from: `FROM mails m WHERE ($1::text IS NULL OR (m.tenant_id IS NULL AND (m."to" ILIKE $1 OR m.subject ILIKE $1)))
        AND ($2::text IS NULL OR m.state::text = $2)`,
      order: 'm.created_at DESC, m.id DESC',
      values: [pattern(query.search), query.state ?? null],
    }),
  ),

  implement(operations.listOutbox, ({ db, query, app }) => {
    requireOutbox(app);
    return listPage(db, query, {
      item: mailSql,
      from: 'FROM mails m WHERE ($1::text IS NULL OR m."to" = $1)',
      order: 'm.created_at DESC, m.id DESC',
      values: [query.to?.toLowerCase() || null],
    });
  }),

  implement(operations.readOutboxMail, async ({ db, params, app }) => {
    requireOutbox(app);
    const row = await db.maybe<{ mail: never }>(
      `SELECT ${mailSql}::jsonb || jsonb_build_object('html', m.html, 'text', m.text) AS mail FROM mails m WHERE m.id = $1`,
      [params.mailId],
    );
    return found(row).mail;
  }),
];
