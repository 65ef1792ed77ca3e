import { operations } from '@preau/contract';
import { type Implementation, implement } from '../http/implement.ts';
import { createImport } from './create.ts';
import { listJobs, readJob } from './job.ts';

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
  implement(operations.getImport, ({ db, params, locale }) => readJob(db, params.importId, locale)),
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
