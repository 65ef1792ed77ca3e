import { createHash } from 'node:crypto';
import type { ResponseOf } from '@preau/contract';
import type { getDeletionCertificate } from '@preau/contract/platform/deletion';
import type { Db } from '../database/db.ts';
import { found } from '../http/problem.ts';

/** The signed certificate of a deletion. @throws Problem `not-found` until everything is gone */
export async function readCertificate(
  db: Db,
  instanceId: string,
): Promise<ResponseOf<typeof getDeletionCertificate>> {
  const row = found(
    await db.maybe<
      Omit<ResponseOf<typeof getDeletionCertificate>, 'digest' | 'issuedAt'> & { issuedAt: Date }
    >(
      `SELECT c.number, c.issued_at AS "issuedAt", c.statement, c.signature, c.public_key AS "publicKey"
       FROM deletion_certificates c WHERE c.instance_id = $1 AND c.signature <> ''`,
      [instanceId],
    ),
  );
  return {
    ...row,
    issuedAt: row.issuedAt.toISOString(),
    digest: createHash('sha256').update(row.statement).digest('hex'),
  };
}
