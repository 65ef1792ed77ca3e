import { operations } from '@preau/contract';
import { SYNTHETIC_DOMAIN } from '@preau/contract/platform/synthetic';
import { type Implementation, implement } from '../http/implement.ts';
import { removeAll } from './remove.ts';

export const syntheticOperations: Implementation[] = [
  implement(operations.readSyntheticMail, async ({ db, body }) => {
    const mail = await db.maybe<{ text: string }>(
      'SELECT text FROM mails WHERE "to" = $1 ORDER BY created_at DESC, id DESC LIMIT 1',
      [`${body.mailbox}@${SYNTHETIC_DOMAIN}`],
    );
    return { text: mail?.text ?? null };
  }),
  implement(operations.removeSyntheticCustomers, ({ db }) => removeAll(db)),
];
