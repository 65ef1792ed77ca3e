import type { Locale } from '@preau/contract';
import type { TenantAction } from '@preau/contract/audit';
import { type AuditEvent, record } from '../audit/record.ts';
import type { Circle, Person, SecurityEvent } from '../authentication/circle.ts';
import { relyingParty } from '../authentication/passkeys.ts';
import { users } from '../authentication/realm.ts';
import type { Db } from '../database/db.ts';
import { post } from '../mail/post.ts';
import { securityLetter } from '../mail/securityLetters.ts';
import type { Settings } from '../settings.ts';
import { correspondenceOf, wordsOf } from './correspondence.ts';
import { isAskedForFactor } from './factor.ts';

export type CircleSettings = Pick<Settings, 'PREAU_PUBLIC_URL' | 'PAYLOAD_SECRET' | 'RATE_LIMIT_FACTOR'>;

/**
 * The people of one platform. Their passkeys belong to its own host: the same person on two platforms is two people,
 * and no platform's page can ask for another's.
 */
export async function userCircle(db: Db, settings: CircleSettings): Promise<Circle> {
  const { sender, platform, address } = await correspondenceOf(db, settings.PREAU_PUBLIC_URL);
  return {
    realm: users,
    db,
    rp: relyingParty(address, platform),
    secret: settings.PAYLOAD_SECRET,
    leniency: settings.RATE_LIMIT_FACTOR,
    read: (on, id) => on.maybe<Person>(`${PERSON} AND u.id = $1`, [id]),
    about: async () => wordsOf({ platform, address }),
    required: isAskedForFactor,
    refused: (on, target, email) => record(on, { action: 'session.refused', target, email }),
    async tell(tx, { id, email }, event, visitor) {
      if (event.type !== 'factors-reset')
        await record(tx, { ...actOf(event), target: id, actor: { kind: 'user', id } });
      const { locale } = await tx.one<{ locale: Locale }>(
        event.type === 'signed-in'
          ? 'UPDATE users SET last_seen_at = now() WHERE id = $1 RETURNING locale::text'
          : 'SELECT u.locale::text FROM users u WHERE u.id = $1',
        [id],
      );
      const letter = securityLetter(locale, event, {
        place: {
          name: platform,
          url: `${address}/profile/security`,
          resetUrl: `${address}/password/forgot`,
        },
        visitor,
        now: new Date(),
      });
      if (letter) await post(tx, { to: email, locale, sender, letter });
    },
  };
}

/** How the platform's own log calls it. What a passkey is called is its owner's to choose, and may name somebody. */
function actOf(
  event: Exclude<SecurityEvent, { type: 'factors-reset' }>,
): Pick<AuditEvent<TenantAction>, 'action' | 'details'> {
  switch (event.type) {
    case 'signed-in':
      return { action: 'session.opened', details: { means: event.by, newDevice: event.newDevice } };
    case 'password-changed':
      return { action: event.reset ? 'password.reset' : 'password.changed' };
    case 'factor-added':
      return { action: 'factor.added', details: { factor: event.factor } };
    case 'factor-removed':
      return { action: 'factor.removed', details: { factor: event.factor } };
    case 'recovery-codes-drawn':
      return { action: 'factor.codes-drawn' };
    case 'passkey-copied':
      return { action: 'factor.copied' };
  }
}

/** SQL: those who may sign in. */
export const PERSON = `
SELECT u.id, u.email, u.name, u.password_hash AS "passwordHash" FROM users u WHERE u.status = 'active'`;
