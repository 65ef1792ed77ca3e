import { operations } from '@preau/contract';
import { type Implementation, implement } from '../http/implement.ts';
import { downloadCredential, verifyCredential } from './read.ts';

export const credentialOperations: Implementation[] = [
  implement(operations.verifyCredential, ({ db, params }) => verifyCredential(db, params.code)),
  implement(operations.downloadCredential, ({ app, db, params, query }) =>
    downloadCredential(db, params.code, {
      locale: query.locale,
      files: app.files,
      publicUrl: app.settings.PREAU_PUBLIC_URL,
    }),
  ),
];
