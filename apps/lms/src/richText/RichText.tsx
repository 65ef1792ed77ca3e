import type { Locale } from '@preau/contract/primitives';
import type { RichText as StoredText } from '@preau/contract/tenant/content';
import { type RichText as Content, calloutTones } from '@preau/elearning';
import { translate } from '@/i18n/translate';
import { readText } from './markdown';
import { renderInline, renderRichText, type Words } from './render';

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

const words = { fr: wordsOf('fr'), en: wordsOf('en') };

/** What an author wrote, as the backend checked and stored it. */
export function RichText({ content, locale }: { content: StoredText; locale: Locale }) {
  const html = renderRichText(content as Content, words[locale]);
  // biome-ignore lint/security/noDangerouslySetInnerHtml: render.ts escapes every text and checks every address
  return <div className="prose" dangerouslySetInnerHTML={{ __html: html }} />;
}

/** A short Markdown text: a question, feedback, an introduction. */
export function Markdown({ text, locale }: { text: string; locale: Locale }) {
  const html = renderRichText(readText(text), words[locale]);
  // biome-ignore lint/security/noDangerouslySetInnerHtml: as above
  return <div className="prose prose-tight" dangerouslySetInnerHTML={{ __html: html }} />;
}

/** One line of Markdown: a choice of a question. */
export function InlineMarkdown({ text, locale }: { text: string; locale: Locale }) {
  const html = renderInline(readText(text), words[locale]);
  // biome-ignore lint/security/noDangerouslySetInnerHtml: as above
  return <span className="prose prose-tight min-w-0" dangerouslySetInnerHTML={{ __html: html }} />;
}
