import { z } from 'zod';
import type { Tx } from '../database/store.ts';
import { newId } from '../ids.ts';
import { notFound } from '../refusal.ts';
import type { Card } from './card.ts';
import { card } from './card.ts';

const customerRow = z
  .object({
    id: z.string(),
    external_id: z.string(),
    email: z.string(),
    name: z.string(),
    country: z.string(),
    siren: z.string().nullable(),
    vat_number: z.string().nullable(),
    locale: z.enum(['fr', 'en']),
    card: card.nullable(),
    credit_minor: z.int(),
  })
  .transform((row) => ({
    id: row.id,
    externalId: row.external_id,
    email: row.email,
    name: row.name,
    country: row.country,
    siren: row.siren,
    vatNumber: row.vat_number,
    locale: row.locale,
    card: row.card,
    creditMinor: row.credit_minor,
  }));
export type Customer = z.output<typeof customerRow>;

export interface CustomerDetails {
  email: string;
  name: string;
  country: string;
  siren: string | null;
  vatNumber: string | null;
  locale: 'fr' | 'en';
}

/** One customer for each external id, however often it is asked for. */
export async function ensureCustomer(
  tx: Tx,
  externalId: string,
  details: CustomerDetails,
): Promise<Customer> {
  const { email, name, country, siren, vatNumber, locale } = details;
  const rows = await tx.rows(
    customerRow,
    `insert into sandbox.customer (id, external_id, email, name, country, siren, vat_number, locale, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (external_id) do update set email = excluded.email, name = excluded.name,
       country = excluded.country, siren = excluded.siren, vat_number = excluded.vat_number, locale = excluded.locale
     returning *`,
    [newId('cus'), externalId, email, name, country, siren, vatNumber, locale, tx.now],
  );
  return only(rows);
}

export async function findCustomer(tx: Tx, id: string): Promise<Customer> {
  return only(await tx.rows(customerRow, 'select * from sandbox.customer where id = $1', [id]));
}

/** Waits for others who change the same customer. */
export async function lockCustomer(tx: Tx, id: string): Promise<Customer> {
  return only(await tx.rows(customerRow, 'select * from sandbox.customer where id = $1 for update', [id]));
}

export async function updateCustomer(
  tx: Tx,
  id: string,
  details: Pick<CustomerDetails, 'name' | 'country' | 'siren' | 'vatNumber'>,
): Promise<Customer> {
  const rows = await tx.rows(
    customerRow,
    'update sandbox.customer set name = $2, country = $3, siren = $4, vat_number = $5 where id = $1 returning *',
    [id, details.name, details.country, details.siren, details.vatNumber],
  );
  return only(rows);
}

export async function keepCard(tx: Tx, id: string, kept: Card): Promise<void> {
  await tx.run('update sandbox.customer set card = $2 where id = $1', [id, JSON.stringify(kept)]);
}

/** @param deltaMinor may be negative, never beyond what is there */
export async function changeCredit(tx: Tx, id: string, deltaMinor: number): Promise<void> {
  await tx.run('update sandbox.customer set credit_minor = credit_minor + $2 where id = $1', [
    id,
    deltaMinor,
  ]);
}

function only(rows: Customer[]): Customer {
  const [row] = rows;
  if (row === undefined) throw notFound('customer');
  return row;
}
