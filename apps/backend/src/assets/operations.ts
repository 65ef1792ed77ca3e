import { operations } from '@preau/contract';
import { type Implementation, implement } from '../http/implement.ts';
import { refuse } from '../http/problem.ts';
import { can, NEW_ASSET } from '../policies/asset.ts';
import { can as canSettings } from '../policies/settings.ts';
import { viewerOf } from '../policies/viewer.ts';
import { downloadAsset } from './download.ts';
import { deleteUnused, readReport } from './report.ts';
import { readStorage } from './space.ts';
import { storeAsset } from './store.ts';

export const assetOperations: Implementation[] = [
  implement(operations.uploadAsset, async ({ app, db, caller, query, body, locale, request }) => {
    if (!can(caller.user, 'upload', NEW_ASSET)) refuse('forbidden');
    return storeAsset(
      app,
      db,
      {
        source: { bytes: body },
        name: decodeName(request.headers['preau-file-name']),
        alt: query.alt,
        uploadedBy: caller.user.id,
      },
      locale,
    );
  }),
  implement(operations.downloadAsset, ({ app, db, caller, params, query, request }) =>
    downloadAsset(app, db, {
      viewer: viewerOf(caller),
      assetId: params.assetId,
      query,
      asked: request.headers,
    }),
  ),
  implement(operations.getStorage, ({ db, caller }) => {
    if (!can(caller.user, 'upload', NEW_ASSET)) refuse('forbidden');
    return readStorage(db);
  }),
  implement(operations.getStorageReport, ({ app, db, caller }) => {
    if (!canSettings(caller.user, 'read', null)) refuse('forbidden');
    return readReport(app, db);
  }),
  implement(operations.deleteUnusedFiles, async ({ app, db, caller }) => {
    if (!canSettings(caller.user, 'write', null)) refuse('forbidden');
    await deleteUnused(db);
    return readReport(app, db);
  }),
];

/** The name comes percent-encoded; one that is not is taken as it is. */
export function decodeName(header: string | string[] | undefined): string {
  const text = typeof header === 'string' ? header : '';
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
