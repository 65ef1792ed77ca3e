import type { Locale } from '@preau/contract/primitives';
import type { RichText as Content } from '@preau/contract/tenant/content';
import { translate } from '@/i18n/translate';
import { escapeHtml, renderRichText, type Words } from './render';

const calloutKinds = [
  'info',
  'tip',
  'success',
  'warning',
  'danger',
  'exercise',
  'objectives',
  'keypoints',
  'questions',
] as const;

function wordsOf(locale: Locale): Words {
  const t = translate(locale);
  return {
    callouts: Object.fromEntries(calloutKinds.map((kind) => [kind, t(`callout.${kind}`)])),
    checked: t('richText.checked'),
    unchecked: t('richText.unchecked'),
  };
}

const words = { fr: wordsOf('fr'), en: wordsOf('en') };

/** What an author wrote, see render.ts for why it is a string. */
export function RichText({ content, locale }: { content: Content; locale: Locale }) {
  const html = renderRichText(content, words[locale]);
  // biome-ignore lint/security/noDangerouslySetInnerHtml: render.ts escapes every text and checks every address
  return <div className="prose" dangerouslySetInnerHTML={{ __html: html }} />;
}

/** A short Markdown text: a question, feedback, an introduction. */
export function Markdown({ text, locale }: { text: string; locale: Locale }) {
  void locale;
  const html = text
    .split(/\n{2,}/)
    .map((part) => `<p>${escapeHtml(part)}</p>`)
    .join('');
  // biome-ignore lint/security/noDangerouslySetInnerHtml: as above
  return <div className="prose prose-tight" dangerouslySetInnerHTML={{ __html: html }} />;
}

/** One line of Markdown: a choice of a question. */
export function InlineMarkdown({ text }: { text: string }) {
  return <span className="prose prose-tight min-w-0">{text}</span>;
}
