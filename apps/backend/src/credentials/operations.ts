import { operations } from '@preau/contract';
import type { App } from '../app.ts';
import { type Implementation, implement } from '../http/implement.ts';
import { downloadCredential, verifyCredential } from './read.ts';

export function credentialOperations({ settings }: App): Implementation[] {
  return [
    implement(operations.verifyCredential, ({ db, params }) => verifyCredential(db, params.code)),
    implement(operations.downloadCredential, ({ db, params, query }) =>
      downloadCredential(db, params.code, {
        locale: query.locale,
        dataDir: settings.DATA_DIR,
        publicUrl: settings.PREAU_PUBLIC_URL,
      }),
    ),
  ];
}
