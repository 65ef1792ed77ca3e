import { record } from '../audit/record.ts';
import type { Circle, Person } from '../authentication/circle.ts';
import { relyingParty } from '../authentication/passkeys.ts';
import { staff } from '../authentication/realm.ts';
import type { Db } from '../database/db.ts';
import { house } from '../mail/letter.ts';
import { post } from '../mail/post.ts';
import { securityLetter } from '../mail/securityLetters.ts';
import type { Settings } from '../settings.ts';

/** Our own people. They write French among themselves. */
export function staffCircle(db: Db, settings: Settings): Circle {
  return {
    realm: staff,
    db,
    rp: relyingParty(settings.PREAU_PUBLIC_URL, `${house.name} SuperAdmin`),
    secret: settings.PAYLOAD_SECRET,
    leniency: settings.RATE_LIMIT_FACTOR,
    read: (on, id) =>
      on.maybe<Person>(`SELECT id, email, name, password_hash AS "passwordHash" FROM staff WHERE id = $1`, [
        id,
      ]),
    about: async () => [],
    required: async () => true,
    refused: (on, target, email) => record(on, { action: 'staff.sign-in-refused', target, email }),
    async tell(tx, { id, email }, event, visitor) {
      // What a passkey is called is its owner's to choose, and may name somebody.
      const { type, ...told } = { ...event, name: undefined };
      if (type !== 'factors-reset')
        await record(tx, {
          action: `staff.${type}`,
          target: id,
          details: told,
          actor: { kind: 'staff', id },
        });
      const base = settings.PREAU_PUBLIC_URL;
      const letter = securityLetter('fr', event, {
        place: {
          name: `${house.name} SuperAdmin`,
          url: `${base}/admin/security`,
          resetUrl: `${base}/admin/security`,
        },
        visitor,
        now: new Date(),
      });
      if (letter) await post(tx, { to: email, locale: 'fr', sender: house, letter });
    },
  };
}
