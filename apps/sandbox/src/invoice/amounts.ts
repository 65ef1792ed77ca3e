import { portion } from '@preau/billing/money';
import type { WireLine } from '@preau/billing/sandbox/wire';
import { z } from 'zod';
import type { TaxRule } from '../payer/tax.ts';

export const coupon = z.object({
  code: z.string(),
  percent: z.int().min(1).max(100),
  duration: z.enum(['once', 'forever']),
});
export type Coupon = z.infer<typeof coupon>;

const coupons: readonly Coupon[] = [
  { code: 'BIENVENUE20', percent: 20, duration: 'once' },
  { code: 'PARTENAIRE10', percent: 10, duration: 'forever' },
];

export const findCoupon = (code: string): Coupon | undefined =>
  coupons.find((known) => known.code === code.trim().toUpperCase());

export interface Amounts {
  subtotalMinor: number;
  discountMinor: number;
  /** Credit of earlier changes that this invoice uses up, net of tax. */
  creditMinor: number;
  taxMinor: number;
  totalMinor: number;
}

export const lineAmount = (line: Pick<WireLine, 'quantity' | 'unitAmountMinor'>): number =>
  line.quantity * line.unitAmountMinor;

/** Tax once on the whole, rounded half up, as on the invoice. */
export function amounts(
  lines: readonly Pick<WireLine, 'quantity' | 'unitAmountMinor'>[],
  rule: TaxRule,
  coupon: Coupon | null,
  availableCreditMinor = 0,
): Amounts {
  const subtotalMinor = lines.reduce((sum, line) => sum + lineAmount(line), 0);
  const discountMinor = coupon === null ? 0 : portion(subtotalMinor, coupon.percent * 100);
  const creditMinor = Math.min(availableCreditMinor, subtotalMinor - discountMinor);
  const taxable = subtotalMinor - discountMinor - creditMinor;
  const taxMinor = portion(taxable, rule.basisPoints);
  return { subtotalMinor, discountMinor, creditMinor, taxMinor, totalMinor: taxable + taxMinor };
}
