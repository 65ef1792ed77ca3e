import type { Locale } from '@preau/contract/primitives';
import { Static } from '@/html/Static';
import { tightStyle } from './content';
import { inlineMarkdown, markdown } from './short';

/** A short Markdown text: a question, feedback, an introduction. */
export function Markdown({ text, locale }: { text: string; locale: Locale }) {
  return <Static className={tightStyle} content={markdown(text, locale)} />;
}

/** One line of Markdown: a choice of a question. */
export function InlineMarkdown({ text, locale }: { text: string; locale: Locale }) {
  return <Static as="span" className={`${tightStyle} min-w-0`} content={inlineMarkdown(text, locale)} />;
}
