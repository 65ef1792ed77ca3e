import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdirSync } from 'node:fs';
import { type Locale, operations, type ProblemDetails, problems, problemText } from '@preau/contract';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';
import type { App } from '../app.ts';
import { amount } from '../assets/space.ts';
import { acting, actOf } from '../audit/act.ts';
import { inScope } from '../database/scope.ts';
import type { UserCaller } from '../http/caller.ts';
import type { Identifier } from '../http/identify.ts';
import { Problem } from '../http/problem.ts';
import { problemOf } from '../http/problemOf.ts';
import type { Extra } from '../http/server.ts';
import { requireScope, witness } from '../support/witness.ts';
import { announce, forget, type Purpose, requireOpen, UPLOAD_HOURS } from './upload.ts';

/** Where the API answers, and where a browser finds the same through its platform. */
export const TUS_PATH = '/v1/uploads';
const BROWSER_PATH = '/api/uploads';
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const CHECKSUM = /^[0-9a-f]{64}$/;
const PURPOSES: Record<string, Purpose> = { asset: 'asset', import: 'import', package: 'package' };
/** Whether a person may make what they announce of it is asked again when they do. */
const SENDERS = { identity: 'user', permission: ['course.write', 'settings.write', 'import.run'] } as const;
const METHODS = new Set(['POST', 'HEAD', 'PATCH', 'DELETE', 'OPTIONS']);

interface Sender {
  caller: UserCaller;
  locale: Locale;
  requestId: string;
}

/**
 * Resumable uploads: tus 1.0 with creation, expiration and termination, for whoever may write courses, settings or
 * imports of the caller's tenant. Whoever began an upload goes on with it, nobody else; its file lies in the tenant's folder.
 * Refusals are the API's problem documents.
 */
export function tusEndpoint(app: App, identifier: Identifier): Extra {
  const senders = new AsyncLocalStorage<Sender>();
  const sender = (): Sender => {
    const current = senders.getStore();
    if (!current) throw new Problem('not-authenticated');
    return current;
  };
  const dbOf = ({ caller }: Sender) => app.db({ kind: 'tenant', tenantId: caller.tenantId });
  const uploadIdOf = (fileId: string) => fileId.slice(fileId.lastIndexOf('/') + 1);
  mkdirSync(app.staging, { recursive: true });

  const server = new Server({
    path: TUS_PATH,
    datastore: new FileStore({
      directory: app.staging,
      expirationPeriodInMilliseconds: UPLOAD_HOURS * 3_600_000,
    }),
    generateUrl: (_, { id }) => `${BROWSER_PATH}/${uploadIdOf(id)}`,
    getFileIdFromRequest: (_, last) =>
      last && UUID.test(last) ? `${sender().caller.tenantId}/${last}` : undefined,
    async namingFunction(request, metadata) {
      const from = sender();
      const bytes = Number(request.headers.get('upload-length'));
      const purpose = PURPOSES[metadata?.purpose ?? 'asset'];
      const checksum = metadata?.sha256 ?? null;
      if (!Number.isSafeInteger(bytes) || bytes < 1 || !purpose) throw new Problem('malformed-request');
      if (checksum !== null && !CHECKSUM.test(checksum)) throw new Problem('malformed-request');
      const name = metadata?.filename ?? '';
      const announced = { name, bytes, purpose, checksum, userId: from.caller.user.id };
      return `${from.caller.tenantId}/${await announce(dbOf(from), announced, from.locale)}`;
    },
    async onIncomingRequest(request, fileId) {
      const from = sender();
      if (request.method === 'POST') return;
      await requireOpen(dbOf(from), uploadIdOf(fileId), from.caller.user.id);
    },
    onResponseError(_, error) {
      if (!(error instanceof Error)) return undefined;
      const problem = problemOf(error);
      if (problem.status >= 500) app.log.error({ err: error }, 'an upload failed');
      return { status_code: problem.status, body: JSON.stringify(documentOf(problem, sender())) };
    },
  });
  server.on('POST_TERMINATE', (_request, _response, fileId: string) => {
    const from = senders.getStore();
    if (!from) return;
    forget(app, dbOf(from), uploadIdOf(fileId)).catch((err: unknown) =>
      app.log.warn({ err }, 'not forgotten'),
    );
  });

  return async ({ request, response, locale, requestId, asked }) => {
    if (!METHODS.has(request.method ?? '')) throw new Problem('method-not-allowed');
    // Joining uploads is an extension that we do not offer; tus would answer 501.
    if ('upload-concat' in request.headers) throw new Problem('malformed-request');
    const caller = await identifier.identify(request, SENDERS);
    asked.caller = caller;
    if (caller.kind !== 'user') throw new Problem('forbidden');
    const { support } = caller;
    if (support) {
      // As the operation that makes something of it: told when it begins, not with each of its pieces.
      const logs = { tenant: dbOf({ caller, locale, requestId }), platform: app.db({ kind: 'platform' }) };
      await acting(actOf(caller, '', requestId), async () => {
        await requireScope(logs, support, operations.finishAsset);
        if (request.method === 'POST') await witness(logs, support, operations.finishAsset, {});
      });
    }
    await inScope({ kind: 'tenant', tenantId: caller.tenantId }, () =>
      senders.run({ caller, locale, requestId }, () => server.handle(request, response)),
    );
  };
}

function documentOf(problem: Problem, { locale, requestId }: Sender): ProblemDetails {
  const { limit } = problem.params;
  const params =
    typeof limit === 'number' ? { ...problem.params, limit: amount(limit, locale) } : problem.params;
  const detail = problemText(problem.type, locale, { ...params, reference: requestId });
  return {
    type: `urn:preau:problem:${problem.type}`,
    name: problem.type,
    title: detail,
    status: problems[problem.type].status,
    detail,
    reference: requestId,
    params,
  };
}
