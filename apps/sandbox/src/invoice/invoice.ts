import { currency } from '@preau/billing/money';
import type * as wire from '@preau/billing/sandbox/wire';
import { z } from 'zod';
import type { Tx } from '../database/store.ts';
import { newId } from '../ids.ts';
import type { Customer } from '../payer/customer.ts';
import { changeCredit } from '../payer/customer.ts';
import type { TaxRule } from '../payer/tax.ts';
import { taxRule, taxRuleFor } from '../payer/tax.ts';
import { conflict, invalid, notFound } from '../refusal.ts';
import type { Coupon } from './amounts.ts';
import { amounts } from './amounts.ts';

const invoiceLine = z.object({
  label: z.object({ fr: z.string(), en: z.string() }),
  quantity: z.int(),
  unitAmountMinor: z.int(),
});
export type InvoiceLine = z.infer<typeof invoiceLine>;

const buyer = z.object({
  name: z.string(),
  email: z.string(),
  country: z.string(),
  siren: z.string().nullable(),
  vatNumber: z.string().nullable(),
});

const invoiceRow = z
  .object({
    id: z.string(),
    number: z.string(),
    customer_id: z.string(),
    subscription_id: z.string(),
    status: z.enum(['open', 'paid', 'void', 'uncollectible']),
    currency,
    lines: z.array(invoiceLine),
    buyer,
    tax: taxRule,
    subtotal_minor: z.int(),
    discount_minor: z.int(),
    credit_minor: z.int(),
    tax_minor: z.int(),
    total_minor: z.int(),
    refunded_minor: z.int(),
    issued_at: z.date(),
    due_at: z.date(),
    paid_at: z.date().nullable(),
  })
  .transform((row) => ({
    id: row.id,
    number: row.number,
    customerId: row.customer_id,
    subscriptionId: row.subscription_id,
    status: row.status,
    currency: row.currency,
    lines: row.lines,
    buyer: row.buyer,
    tax: row.tax,
    subtotalMinor: row.subtotal_minor,
    discountMinor: row.discount_minor,
    creditMinor: row.credit_minor,
    taxMinor: row.tax_minor,
    totalMinor: row.total_minor,
    refundedMinor: row.refunded_minor,
    issuedAt: row.issued_at,
    dueAt: row.due_at,
    paidAt: row.paid_at,
  }));
export type Invoice = z.output<typeof invoiceRow>;

export interface InvoiceDraft {
  customer: Customer;
  subscriptionId: string;
  currency: z.infer<typeof currency>;
  lines: readonly InvoiceLine[];
  coupon: Coupon | null;
  /** Use up what the customer has standing to the good. */
  useCredit: boolean;
}

/** Issued open and due at once; `settle` says whether it was paid. */
export async function issue(tx: Tx, draft: InvoiceDraft): Promise<Invoice> {
  const { customer } = draft;
  const rule: TaxRule = taxRuleFor(customer);
  const sums = amounts(draft.lines, rule, draft.coupon, draft.useCredit ? customer.creditMinor : 0);
  if (sums.creditMinor > 0) await changeCredit(tx, customer.id, -sums.creditMinor);
  const rows = await tx.rows(
    invoiceRow,
    `insert into sandbox.invoice (id, number, customer_id, subscription_id, status, currency, lines, buyer, tax,
       subtotal_minor, discount_minor, credit_minor, tax_minor, total_minor, issued_at, due_at)
     values ($1, 'SB-' || $2 || '-' || lpad(nextval('sandbox.invoice_number')::text, 6, '0'), $3, $4, 'open', $5, $6,
       $7, $8, $9, $10, $11, $12, $13, $14, $14)
     returning *`,
    [
      newId('inv'),
      String(tx.now.getUTCFullYear()),
      customer.id,
      draft.subscriptionId,
      draft.currency,
      JSON.stringify(
        draft.lines.map(({ label, quantity, unitAmountMinor }) => ({ label, quantity, unitAmountMinor })),
      ),
      JSON.stringify({
        name: customer.name,
        email: customer.email,
        country: customer.country,
        siren: customer.siren,
        vatNumber: customer.vatNumber,
      }),
      JSON.stringify(rule),
      sums.subtotalMinor,
      sums.discountMinor,
      sums.creditMinor,
      sums.taxMinor,
      sums.totalMinor,
      tx.now,
    ],
  );
  return only(rows);
}

export async function markPaid(tx: Tx, invoice: Invoice): Promise<void> {
  await tx.run("update sandbox.invoice set status = 'paid', paid_at = $2 where id = $1", [
    invoice.id,
    tx.now,
  ]);
  tx.emit('invoice.paid', { subscription: invoice.subscriptionId, invoice: invoice.id });
}

export async function setStatus(tx: Tx, invoice: Invoice, status: 'void' | 'uncollectible'): Promise<void> {
  await tx.run('update sandbox.invoice set status = $2 where id = $1', [invoice.id, status]);
  tx.emit('invoice.updated', { subscription: invoice.subscriptionId, invoice: invoice.id });
}

export async function findInvoice(tx: Tx, id: string): Promise<Invoice> {
  return only(await tx.rows(invoiceRow, 'select * from sandbox.invoice where id = $1', [id]));
}

/** Newest first, 100 at most. */
export function invoicesOf(tx: Tx, subscriptionId: string): Promise<Invoice[]> {
  return tx.rows(
    invoiceRow,
    'select * from sandbox.invoice where subscription_id = $1 order by issued_at desc, number desc limit 100',
    [subscriptionId],
  );
}

export function openInvoices(tx: Tx, subscriptionId: string): Promise<Invoice[]> {
  return tx.rows(
    invoiceRow,
    "select * from sandbox.invoice where subscription_id = $1 and status = 'open' order by issued_at for update",
    [subscriptionId],
  );
}

const refundRow = z.object({ id: z.string(), amount_minor: z.int() });

/** @param amountMinor null for the whole rest */
export async function refund(
  tx: Tx,
  invoiceId: string,
  amountMinor: number | null,
): Promise<z.infer<typeof wire.refund>> {
  const invoice = only(
    await tx.rows(invoiceRow, 'select * from sandbox.invoice where id = $1 for update', [invoiceId]),
  );
  if (invoice.status !== 'paid') throw conflict('not-paid', 'only a paid invoice can be refunded');
  const rest = invoice.totalMinor - invoice.refundedMinor;
  const amount = amountMinor ?? rest;
  if (amount <= 0 || amount > rest) throw invalid('amount', `at most ${rest} can be refunded`);
  const [row] = await tx.rows(
    refundRow,
    'insert into sandbox.refund (id, invoice_id, amount_minor, created_at) values ($1, $2, $3, $4) returning *',
    [newId('ref'), invoice.id, amount, tx.now],
  );
  await tx.run('update sandbox.invoice set refunded_minor = refunded_minor + $2 where id = $1', [
    invoice.id,
    amount,
  ]);
  tx.emit('invoice.refunded', { subscription: invoice.subscriptionId, invoice: invoice.id });
  return {
    object: 'refund',
    id: row?.id ?? '',
    invoice: invoice.id,
    currency: invoice.currency,
    amountMinor: amount,
  };
}

export function present(invoice: Invoice, publicUrl: string): z.infer<typeof wire.invoice> {
  return {
    object: 'invoice',
    id: invoice.id,
    number: invoice.number,
    status: invoice.status,
    currency: invoice.currency,
    totalMinor: invoice.totalMinor,
    taxMinor: invoice.taxMinor,
    refundedMinor: invoice.refundedMinor,
    issuedAt: invoice.issuedAt.toISOString(),
    dueAt: invoice.dueAt.toISOString(),
    url: new URL(`/invoices/${invoice.id}`, publicUrl).href,
  };
}

function only(rows: Invoice[]): Invoice {
  const [row] = rows;
  if (row === undefined) throw notFound('invoice');
  return row;
}
