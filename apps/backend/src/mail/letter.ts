import type { Locale } from '@preau/contract';

/** What a mail says, before it is dressed. Every text is plain. */
export interface Letter {
  /** Names the reason in the send log. */
  kind: string;
  subject: string;
  paragraphs: string[];
  action?: { label: string; url: string };
  /** Below the action: how long it works, what to do if one did not ask for it. */
  small: string[];
}

/** In whose name a mail goes out. */
export interface Sender {
  /** Null: ours. */
  tenantId: string | null;
  name: string;
  /** `#rrggbb`. */
  colour: string;
}

/** The house itself (tokens of `packages/design`). */
export const house: Sender = { tenantId: null, name: 'Préau', colour: '#006a4e' };

/** Chooses the text of a language. */
export const say = <T>(locale: Locale, texts: Record<Locale, T>): T => texts[locale];
