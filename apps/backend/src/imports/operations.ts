import { operations } from '@preau/contract';
import { tenantOf } from '../database/tenant.ts';
import { type Implementation, implement } from '../http/implement.ts';
import { createImport } from './create.ts';
import { isForgotten, listJobs, readJob } from './job.ts';

export const importOperations: Implementation[] = [
  implement(operations.createImport, ({ app, db, caller, query, body, locale, request }) =>
    createImport(app, db, {
      query,
      bytes: body,
      name: decodeName(request.headers['preau-file-name']),
      userId: caller.user.id,
      locale,
    }),
  ),
  implement(operations.getImport, async ({ app, db, params, locale }) => {
    const job = await readJob(db, params.importId, locale);
    if (isForgotten(job)) await app.jobs.startImport({ importId: job.id, tenantId: tenantOf(db) });
    return job;
  }),
  implement(operations.listImports, ({ db, locale }) => listJobs(db, locale)),
];

/** The name comes percent-encoded; one that is not is taken as it is. */
function decodeName(header: string | string[] | undefined): string {
  const text = typeof header === 'string' ? header : '';
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
