import type { Locale } from '@preau/contract';
import { record } from '../audit/record.ts';
import type { Circle, Person } from '../authentication/circle.ts';
import { relyingParty } from '../authentication/passkeys.ts';
import { accounts } from '../authentication/realm.ts';
import type { Db } from '../database/db.ts';
import { house } from '../mail/letter.ts';
import { post } from '../mail/post.ts';
import { securityLetter } from '../mail/securityLetters.ts';
import type { Settings } from '../settings.ts';
import { hubPages } from './hubPages.ts';

/** Customers' people on the hub. Only a confirmed address may sign in. */
export function accountCircle(db: Db, settings: Settings): Circle {
  return {
    realm: accounts,
    db,
    rp: relyingParty(settings.PREAU_PUBLIC_URL, house.name),
    secret: settings.PAYLOAD_SECRET,
    leniency: settings.RATE_LIMIT_FACTOR,
    read: (on, id) =>
      on.maybe<Person>(
        `SELECT id, email, name, password_hash AS "passwordHash" FROM accounts
         WHERE id = $1 AND verified_at IS NOT NULL`,
        [id],
      ),
    async about(on, id) {
      const names = await on.query<{ name: string }>(
        `SELECT o.name FROM organisation_members m JOIN organisations o ON o.id = m.organisation_id
         WHERE m.account_id = $1`,
        [id],
      );
      return names.map(({ name }) => name);
    },
    async required(on, id) {
      const asked = await on.maybe(
        `SELECT 1 FROM organisation_members m JOIN organisations o ON o.id = m.organisation_id
         WHERE m.account_id = $1 AND o.second_factor_required`,
        [id],
      );
      return asked !== undefined;
    },
    refused: (on, target, email) => record(on, { action: 'account.sign-in-refused', target, email }),
    async tell(tx, { id, email }, event, visitor) {
      // What a passkey is called is its owner's to choose, and may name somebody.
      const { type, ...told } = { ...event, name: undefined };
      if (type !== 'factors-reset')
        await record(tx, {
          action: `account.${type}`,
          target: id,
          details: told,
          actor: { kind: 'account', id },
        });
      const { locale } = await tx.one<{ locale: Locale }>('SELECT locale FROM accounts WHERE id = $1', [id]);
      const pages = hubPages(settings.PREAU_PUBLIC_URL, locale);
      const letter = securityLetter(locale, event, {
        place: { name: house.name, url: pages.security, resetUrl: pages.forgotPassword },
        visitor,
        now: new Date(),
      });
      if (letter) await post(tx, { to: email, locale, sender: house, letter });
    },
  };
}
