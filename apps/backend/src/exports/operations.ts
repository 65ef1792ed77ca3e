import { operations } from '@preau/contract';
import type { PlatformExport } from '@preau/contract/platform/exports';
import { answerFile } from '../assets/answer.ts';
import { record } from '../audit/record.ts';
import { accounts } from '../authentication/realm.ts';
import { requireConfirmed } from '../authentication/session.ts';
import type { Db } from '../database/db.ts';
import { fileKey } from '../files/key.ts';
import type { AccountCaller } from '../http/caller.ts';
import { type Implementation, implement } from '../http/implement.ts';
import { found, refuse } from '../http/problem.ts';
import { organisationOf } from '../instances/read.ts';
import { requireMember } from '../organisations/membership.ts';
import { readExportToken, signExport } from './link.ts';

export const exportOperations: Implementation[] = [
  implement(operations.listExports, async ({ db, caller, params }) => {
    await requireOwner(db, caller, params.instanceId);
    return { items: await readExports(db, params.instanceId) };
  }),
  implement(operations.createExport, async ({ app, db, caller, params, locale }) => {
    const organisationId = await requireOwner(db, caller, params.instanceId);
    await requireConfirmed(db, accounts, caller.sessionId);
    const id = await db.transaction(async (tx) => {
      const { tenantId, lifecycle } = found(
        await tx.maybe<{ tenantId: string; lifecycle: string }>(LOCK, [params.instanceId]),
      );
      if (!EXPORTABLE.has(lifecycle)) refuse('state-forbids');
      const open = await tx.maybe<{ id: string }>(
        `SELECT id FROM exports WHERE tenant_id = $1 AND state IN ('queued', 'running')`,
        [tenantId],
      );
      if (open) return open.id;
      const made = await tx.one<{ id: string }>(
        'INSERT INTO exports (tenant_id, account_id, locale) VALUES ($1, $2, $3) RETURNING id',
        [tenantId, caller.account.id, locale],
      );
      await record(tx, { action: 'export.requested', target: params.instanceId, organisationId });
      return made.id;
    });
    await app.jobs.start({ kind: 'export', id });
    return found((await readExports(db, params.instanceId)).find((each) => each.id === id));
  }),
  implement(operations.openExport, async ({ app, db, caller, params }) => {
    const organisationId = await requireOwner(db, caller, params.instanceId);
    await requireConfirmed(db, accounts, caller.sessionId);
    const { ready } = found(
      await db.maybe<{ ready: boolean }>(
        `SELECT x.path IS NOT NULL AND x.expires_at > now() AS ready FROM exports x
         JOIN instances i ON i.tenant_id = x.tenant_id WHERE x.id = $1 AND i.id = $2`,
        [params.exportId, params.instanceId],
      ),
    );
    if (!ready) refuse('state-forbids');
    const { token, expiresAt } = signExport(app.settings.PAYLOAD_SECRET, params.exportId);
    await record(db, { action: 'export.downloaded', target: params.instanceId, organisationId });
    const { protocol, host } = new URL(app.settings.PREAU_PUBLIC_URL);
    return {
      url: `${protocol}//api.${host}/v1/exports/file?token=${token}`,
      expiresAt: expiresAt.toISOString(),
    };
  }),
  implement(operations.downloadExport, async ({ app, query, scoped, request }) => {
    const id = readExportToken(app.settings.PAYLOAD_SECRET, query.token) ?? refuse('not-found');
    const { path, slug, day } = found(
      await scoped({ kind: 'platform' }).maybe<{ path: string; slug: string; day: string }>(FILE, [id]),
    );
    return answerFile(app.files, request.headers, {
      key: fileKey(path),
      etag: `"${id}"`,
      headers: {
        'content-type': 'application/zip',
        'content-disposition': `attachment; filename="preau-${slug}-${day}.zip"`,
        'cache-control': 'private, no-store',
      },
    });
  }),
];

/** Also while nothing runs: what is suspended is still the customer's. */
const EXPORTABLE: ReadonlySet<string> = new Set(['live', 'suspended', 'archived']);

async function requireOwner(db: Db, caller: AccountCaller, instanceId: string): Promise<string> {
  const organisationId = await organisationOf(db, caller, instanceId);
  await requireMember(db, caller, organisationId, ['owner']);
  return organisationId;
}

async function readExports(db: Db, instanceId: string): Promise<PlatformExport[]> {
  const rows = await db.query<{ item: PlatformExport }>(LIST, [instanceId]);
  return rows.map(({ item }) => item);
}

const LOCK = `
SELECT i.tenant_id AS "tenantId", i.lifecycle::text FROM instances i WHERE i.id = $1 FOR UPDATE`;
const LIST = `
SELECT json_build_object('id', x.id, 'state', x.state, 'percent', x.percent::int, 'bytes', x.bytes::bigint,
  'counts', x.counts, 'expiresAt', CASE WHEN x.path IS NOT NULL THEN x.expires_at END, 'createdAt', x.created_at,
  'finishedAt', x.finished_at) AS item
FROM exports x JOIN instances i ON i.tenant_id = x.tenant_id WHERE i.id = $1 ORDER BY x.created_at DESC LIMIT 10`;
const FILE = `
SELECT x.path, t.slug, to_char(x.finished_at, 'YYYY-MM-DD') AS day FROM exports x JOIN tenants t ON t.id = x.tenant_id
WHERE x.id = $1 AND x.path IS NOT NULL AND x.expires_at > now()`;
