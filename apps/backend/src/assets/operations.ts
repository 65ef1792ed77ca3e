import { operations } from '@preau/contract';
import { type Implementation, implement } from '../http/implement.ts';
import { refuse } from '../http/problem.ts';
import { can, NEW_ASSET } from '../policies/asset.ts';
import { viewerOf } from '../policies/viewer.ts';
import { downloadAsset } from './download.ts';
import { storeAsset } from './store.ts';

export const assetOperations: Implementation[] = [
  implement(operations.uploadAsset, async ({ app, db, caller, query, body, request }) => {
    if (!can(caller.user, 'upload', NEW_ASSET)) refuse('forbidden');
    return storeAsset(db, app.settings.DATA_DIR, {
      bytes: body,
      name: decodeName(request.headers['preau-file-name']),
      alt: query.alt,
      uploadedBy: caller.user.id,
    });
  }),
  implement(operations.downloadAsset, ({ app, db, caller, params }) =>
    downloadAsset(db, app.settings.DATA_DIR, viewerOf(caller), params.assetId),
  ),
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
