import type { BodyOf, ResponseOf } from '@preau/contract';
import type { askForSecondFactor, getSettings, updateSettings } from '@preau/contract/tenant/site';
import { record } from '../audit/record.ts';
import { users } from '../authentication/realm.ts';
import { hasFactor } from '../authentication/secondFactor.ts';
import { requireConfirmed } from '../authentication/session.ts';
import type { Db } from '../database/db.ts';
import type { UserCaller } from '../http/caller.ts';
import { refuse } from '../http/problem.ts';
import { isAsked } from '../users/factor.ts';
import { tellOfRule } from '../users/factorNotice.ts';
import { readSettings } from './read.ts';

/** Changes the given settings. A new logo replaces the one chosen at the order; null takes both away. */
export async function changeSettings(
  db: Db,
  platform: Db,
  body: BodyOf<typeof updateSettings>,
): Promise<ResponseOf<typeof getSettings>> {
  if (body.logoAssetId && !(await db.maybe(IS_IMAGE, [body.logoAssetId]))) {
    refuse('invalid-request', {}, [{ path: 'logoAssetId', message: 'image' }]);
  }
  await db.transaction(async (tx) => {
    await tx.query(UPDATE, [
      body.name ?? null,
      body.locale ?? null,
      body.colour ?? null,
      body.radius ?? null,
      body.logoAssetId !== undefined,
      body.logoAssetId ?? null,
      body.catalogue ?? null,
      body.registration ?? null,
      body.certificateWording ?? null,
      body.certificateSignatory ?? null,
    ]);
    await record(tx, { action: 'settings.changed', details: { fields: Object.keys(body) } });
  });
  return readSettings(db, platform);
}

/**
 * Of whom the platform asks for a second factor, and after how many days without one everything else is closed to
 * them. They are told by mail. Whoever asks it of themselves has one.
 * @throws Problem `confirmation-needed` or `second-factor-needed`
 */
export async function changeSecondFactor(
  db: Db,
  platform: Db,
  publicUrl: string,
  { user, sessionId }: Pick<UserCaller, 'user' | 'sessionId'>,
  { rule, graceDays }: BodyOf<typeof askForSecondFactor>,
): Promise<ResponseOf<typeof getSettings>> {
  await requireConfirmed(db, users, sessionId);
  if (isAsked(rule, user.grants) && !(await hasFactor(db, users, user.id))) refuse('second-factor-needed');
  await db.transaction(async (tx) => {
    const { from } = await tx.one<{ from: Date | null }>(
      `UPDATE site_settings SET second_factor = $1::enum_site_settings_second_factor, updated_at = now(),
         second_factor_from = CASE WHEN $1 = 'optional' OR $2::int = 0 THEN NULL ELSE now() + make_interval(days => $2) END
       RETURNING second_factor_from AS "from"`,
      [rule, graceDays],
    );
    await record(tx, { action: 'settings.changed', details: { fields: ['secondFactor'] } });
    await tellOfRule(tx, publicUrl, { rule, from });
  });
  return readSettings(db, platform);
}

const IS_IMAGE = `SELECT 1 FROM assets k WHERE k.id = $1 AND k.mime LIKE 'image/%'`;

const UPDATE = `
UPDATE site_settings s SET
  name = coalesce($1, s.name),
  locale = coalesce($2::enum_site_settings_locale, s.locale),
  colour = coalesce($3, s.colour),
  radius = coalesce($4::int, s.radius),
  logo_id = CASE WHEN $5::boolean THEN $6::uuid ELSE s.logo_id END,
  logo_data = CASE WHEN $5::boolean THEN NULL ELSE s.logo_data END,
  catalogue = coalesce($7::enum_site_settings_catalogue, s.catalogue),
  registration = coalesce($8::enum_site_settings_registration, s.registration),
  certificate_wording = coalesce($9, s.certificate_wording),
  certificate_signatory = coalesce($10, s.certificate_signatory),
  updated_at = now()`;
