import type { BodyOf, FieldError, Locale } from '@preau/contract';
import type { createOrganisation, Organisation } from '@preau/contract/platform/organisations';
import { record } from '../audit/record.ts';
import { accounts } from '../authentication/realm.ts';
import { hasFactor } from '../authentication/secondFactor.ts';
import { requireConfirmed } from '../authentication/session.ts';
import type { Db } from '../database/db.ts';
import type { AccountCaller } from '../http/caller.ts';
import { found, refuse } from '../http/problem.ts';
import { PAYING, requireMember } from './membership.ts';
import { isSiren } from './siren.ts';
import { type VatFault, vatFault } from './vatNumber.ts';

type Given = BodyOf<typeof createOrganisation>;
type Row = Omit<Organisation, 'createdAt'> & { createdAt: Date };

const words = {
  fr: {
    siren: 'Ce numéro SIREN n’existe pas : sa clé ne correspond pas. Vérifiez ses neuf chiffres.',
    mismatch: 'Ce numéro de TVA n’est pas celui du SIREN indiqué. Vérifiez les deux.',
    country: 'Ce numéro de TVA ne commence pas par le code d’un pays de l’Union européenne, comme FR.',
    format: 'Ce numéro de TVA n’a pas la forme en usage dans son pays. Vérifiez-le.',
    'check-digits': 'La clé de ce numéro de TVA ne correspond pas. Vérifiez ses chiffres.',
  },
  en: {
    siren: 'This SIREN does not exist: its check digit does not match. Check its nine digits.',
    mismatch: 'This VAT number is not the one of the SIREN given. Check both.',
    country: 'This VAT number does not begin with the code of a country of the European Union, such as FR.',
    format: 'This VAT number does not have the form used in its country. Check it.',
    'check-digits': 'The check digits of this VAT number do not match. Check it.',
  },
} as const satisfies Record<Locale, Record<VatFault | 'siren' | 'mismatch', string>>;

/** The numbers as they are stored. @throws Problem `invalid-request` that names the wrong ones */
function checked({ siren: rawSiren, vatNumber: rawVat, ...rest }: Given, locale: Locale) {
  const siren = rawSiren || null;
  const vatNumber = rawVat || null;
  const errors: FieldError[] = [];
  if (siren && !isSiren(siren)) errors.push({ path: 'siren', message: words[locale].siren });
  const fault = vatNumber ? vatFault(vatNumber) : null;
  if (fault) errors.push({ path: 'vatNumber', message: words[locale][fault] });
  else if (siren && vatNumber?.startsWith('FR') && !vatNumber.endsWith(siren))
    errors.push({ path: 'vatNumber', message: words[locale].mismatch });
  if (errors.length > 0) refuse('invalid-request', {}, errors);
  return { ...rest, siren, vatNumber };
}

/** A form that was sent twice. */
const SAME_FORM = `
SELECT o.id FROM organisations o JOIN organisation_members m ON m.organisation_id = o.id
WHERE m.account_id = $1 AND m.role = 'owner' AND o.name = $2 AND o.siren IS NOT DISTINCT FROM $3
  AND o.created_at > now() - interval '5 minutes'`;

/** Makes the caller the owner of a new organisation; the same form sent twice makes one. */
export async function createOrganisationFor(
  db: Db,
  caller: AccountCaller,
  given: Given,
  locale: Locale,
): Promise<Organisation> {
  const { name, country, siren, vatNumber } = checked(given, locale);
  return db.transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `organisation:${caller.account.id}`,
    ]);
    const twin = await tx.maybe<{ id: string }>(SAME_FORM, [caller.account.id, name, siren]);
    if (twin) return readOrganisation(tx, caller, twin.id);
    const { id } = await tx.one<{ id: string }>(
      `INSERT INTO organisations (name, country, siren, vat_number) VALUES ($1, $2, $3, $4) RETURNING id`,
      [name, country, siren, vatNumber],
    );
    await tx.query(
      `INSERT INTO organisation_members (organisation_id, account_id, role) VALUES ($1, $2, 'owner')`,
      [id, caller.account.id],
    );
    await record(tx, {
      action: 'organisation.created',
      target: id,
      organisationId: id,
    });
    return readOrganisation(tx, caller, id);
  });
}

export async function changeOrganisation(
  db: Db,
  caller: AccountCaller,
  organisationId: string,
  given: Given,
  locale: Locale,
): Promise<Organisation> {
  await requireMember(db, caller, organisationId, PAYING);
  const { name, country, siren, vatNumber } = checked(given, locale);
  return db.transaction(async (tx) => {
    await tx.query(
      `UPDATE organisations SET name = $2, country = $3, siren = $4, vat_number = $5, updated_at = now() WHERE id = $1`,
      [organisationId, name, country, siren, vatNumber],
    );
    await record(tx, {
      action: 'organisation.changed',
      target: organisationId,
      organisationId,
    });
    return readOrganisation(tx, caller, organisationId);
  });
}

/** An organisation as a member sees it. @throws Problem `not-found` to everybody else */
export async function readOrganisation(
  db: Db,
  caller: AccountCaller,
  organisationId: string,
): Promise<Organisation> {
  const row = found(
    await db.maybe<Row>(
      `SELECT o.id, o.name, o.country, o.siren, o.vat_number AS "vatNumber", m.role,
         o.second_factor_required AS "secondFactorRequired", o.created_at AS "createdAt"
       FROM organisations o JOIN organisation_members m ON m.organisation_id = o.id
       WHERE o.id = $1 AND m.account_id = $2`,
      [organisationId, caller.account.id],
    ),
  );
  return { ...row, createdAt: row.createdAt.toISOString() };
}

/**
 * Whether the team needs a second factor. Whoever asks it of others has one.
 * @throws Problem `second-factor-needed` where the owner has none
 */
export async function askForSecondFactor(
  db: Db,
  caller: AccountCaller,
  organisationId: string,
  required: boolean,
): Promise<Organisation> {
  await requireMember(db, caller, organisationId, ['owner']);
  await requireConfirmed(db, accounts, caller.sessionId);
  if (required && !(await hasFactor(db, accounts, caller.account.id))) refuse('second-factor-needed');
  return db.transaction(async (tx) => {
    await tx.query('UPDATE organisations SET second_factor_required = $2, updated_at = now() WHERE id = $1', [
      organisationId,
      required,
    ]);
    await record(tx, {
      action: required ? 'organisation.second-factor-required' : 'organisation.second-factor-optional',
      target: organisationId,
      organisationId,
    });
    return readOrganisation(tx, caller, organisationId);
  });
}
