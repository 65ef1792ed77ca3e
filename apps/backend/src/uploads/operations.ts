import { readFile } from 'node:fs/promises';
import { operations } from '@preau/contract';
import type { Asset } from '@preau/contract/tenant/assets';
import { storeAsset } from '../assets/store.ts';
import { requireCourse } from '../courses/facts.ts';
import { type Implementation, implement } from '../http/implement.ts';
import { refuse } from '../http/problem.ts';
import { createImport } from '../imports/create.ts';
import { readJob } from '../imports/job.ts';
import { requireTargetFor } from '../imports/operations.ts';
import { createPackage, readPackage } from '../packages/create.ts';
import { can, NEW_ASSET } from '../policies/asset.ts';
import { finish } from './upload.ts';

export const uploadOperations: Implementation[] = [
  implement(operations.finishAsset, async ({ app, db, caller, params, body, locale }) => {
    if (!can(caller.user, 'upload', NEW_ASSET)) refuse('forbidden');
    const userId = caller.user.id;
    return finish(
      app,
      db,
      { uploadId: params.uploadId, userId, purpose: 'asset' },
      async ({ path, name }) => {
        const file = { source: { path }, name, alt: body.alt, uploadedBy: userId };
        return (await storeAsset(app, db, file, locale)).id;
      },
      (id) => db.one<Asset & Record<string, unknown>>(READ_ASSET, [id]),
    );
  }),
  implement(operations.finishImport, async ({ app, db, caller, params, body, locale }) => {
    await requireTargetFor(db, caller.user, body);
    const userId = caller.user.id;
    return finish(
      app,
      db,
      { uploadId: params.uploadId, userId, purpose: 'import' },
      async ({ path, name }) => {
        const bytes = await readFile(path);
        return (await createImport(app, db, { query: body, bytes, name, userId, locale })).id;
      },
      (id) => readJob(db, id, locale),
    );
  }),
  implement(operations.finishPackage, async ({ app, db, caller, params, body, locale }) => {
    await requireCourse(db, caller.user, 'write', { activityId: body.activityId });
    const userId = caller.user.id;
    return finish(
      app,
      db,
      { uploadId: params.uploadId, userId, purpose: 'package' },
      (file) => createPackage(app, db, { ...file, activityId: body.activityId, userId, locale }),
      (id) => readPackage(db, id),
    );
  }),
];

const READ_ASSET = `
SELECT k.id, k.name, k.mime, k.bytes::float8 AS bytes, k.width::int, k.height::int, k.alt,
  k.scan IN ('pending', 'failed') AS scanning FROM assets k WHERE k.id = $1`;
