import { z } from 'zod';

/** What a test card does; no other card exists here. */
export const behaviour = z.enum([
  'succeeds',
  'challenge',
  'fails-at-renewal',
  'declined',
  'insufficient-funds',
  'expired-card',
]);
export type Behaviour = z.infer<typeof behaviour>;

export const testCards: readonly { number: string; behaviour: Behaviour }[] = [
  { number: '4242424242424242', behaviour: 'succeeds' },
  { number: '4000002760003184', behaviour: 'challenge' },
  { number: '4000000000000341', behaviour: 'fails-at-renewal' },
  { number: '4000000000000002', behaviour: 'declined' },
  { number: '4000000000009995', behaviour: 'insufficient-funds' },
  { number: '4000000000000069', behaviour: 'expired-card' },
];

/** Numbers that developers know by heart from other providers; they work, the page lists one of each kind. */
const alsoKnown: typeof testCards = [
  { number: '5555555555554444', behaviour: 'succeeds' },
  { number: '4000002500003155', behaviour: 'challenge' },
  { number: '4000000000003220', behaviour: 'challenge' },
];

/** What is kept of a card. */
export const card = z.object({
  last4: z.string().regex(/^\d{4}$/),
  /** `MM/YY`. */
  expiry: z.string().regex(/^\d{2}\/\d{2}$/),
  behaviour,
});
export type Card = z.infer<typeof card>;

export type Charge = { result: 'paid' } | { result: 'challenge' } | { result: 'declined'; code: string };

/** `first`: the customer is there and can answer a challenge; `later`: renewals, retries, changes. */
export function charge(card: Card, occasion: 'first' | 'later'): Charge {
  switch (card.behaviour) {
    case 'succeeds':
      return { result: 'paid' };
    case 'challenge':
      return { result: occasion === 'first' ? 'challenge' : 'paid' };
    case 'fails-at-renewal':
      return occasion === 'first' ? { result: 'paid' } : { result: 'declined', code: 'card_declined' };
    case 'declined':
      return { result: 'declined', code: 'card_declined' };
    case 'insufficient-funds':
      return { result: 'declined', code: 'insufficient_funds' };
    case 'expired-card':
      return { result: 'declined', code: 'expired_card' };
  }
}

export interface CardInput {
  number: string;
  expiry: string;
  cvc: string;
}
export type CardFault = { field: 'number' | 'expiry' | 'cvc'; fault: 'missing' | 'wrong' | 'real' | 'past' };

/** Reads a card form. A number that is no test card is refused and kept nowhere. */
export function readCard(input: CardInput, now: Date): { card: Card } | { faults: CardFault[] } {
  const faults: CardFault[] = [];
  const number = input.number.replaceAll(/[\s-]/g, '');
  const known = [...testCards, ...alsoKnown].find((test) => test.number === number);
  if (number === '') faults.push({ field: 'number', fault: 'missing' });
  else if (known === undefined) {
    faults.push({ field: 'number', fault: /^\d{12,19}$/.test(number) && luhn(number) ? 'real' : 'wrong' });
  }
  const expiry = /^\s*(0?[1-9]|1[0-2])\s*[/\- ]?\s*(?:20)?(\d{2})\s*$/.exec(input.expiry);
  const month = expiry?.[1]?.padStart(2, '0');
  const year = expiry?.[2];
  if (input.expiry.trim() === '') faults.push({ field: 'expiry', fault: 'missing' });
  else if (month === undefined || year === undefined) faults.push({ field: 'expiry', fault: 'wrong' });
  else if (Date.UTC(2000 + Number(year), Number(month), 1) <= now.getTime()) {
    faults.push({ field: 'expiry', fault: 'past' });
  }
  if (input.cvc.trim() === '') faults.push({ field: 'cvc', fault: 'missing' });
  else if (!/^\s*\d{3,4}\s*$/.test(input.cvc)) faults.push({ field: 'cvc', fault: 'wrong' });
  if (faults.length > 0 || known === undefined) return { faults };
  return { card: { last4: number.slice(-4), expiry: `${month}/${year}`, behaviour: known.behaviour } };
}

/** ISO/IEC 7812-1: also the check of a SIREN. */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
