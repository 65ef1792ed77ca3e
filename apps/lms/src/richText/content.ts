import type { Locale } from '@preau/contract/primitives';
import type { RichText as StoredText } from '@preau/contract/tenant/content';
import { type RichText as Content, calloutTones } from '@preau/elearning';
import { type Html, html, trusted } from '@/html/html';
import { translate } from '@/i18n/translate';
import { renderRichText, type Words } from './render';

function wordsOf(locale: Locale): Words {
  const t = translate(locale);
  return {
    callouts: Object.fromEntries(
      calloutTones.map((tone) => [tone, t(`callout.${tone}`)]),
    ) as Words['callouts'],
    checked: t('richText.checked'),
    unchecked: t('richText.unchecked'),
    picture: t('richText.picture'),
  };
}

export const words = { fr: wordsOf('fr'), en: wordsOf('en') };

// render.ts escapes every text and checks every address.

/** What an author wrote, as the backend checked and stored it. */
export const richText = (content: StoredText, locale: Locale): Html =>
  html`<div class="prose">${trusted(renderRichText(content as Content, words[locale]))}</div>`;

/** The look of what `short.ts` makes. */
export const tightStyle = 'prose prose-tight';
