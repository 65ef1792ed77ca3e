import type { Locale } from '@preau/contract/primitives';
import { type Html, trusted } from '@/html/html';
import { words } from './content';
import { readText } from './markdown';
import { renderInline, renderRichText } from './render';

// render.ts escapes every text and checks every address.

/** A short Markdown text: a question, feedback, an introduction; for an element of `tightStyle`. */
export const markdown = (text: string, locale: Locale): Html =>
  trusted(renderRichText(readText(text), words[locale]));

/** One line of Markdown: a choice of a question. */
export const inlineMarkdown = (text: string, locale: Locale): Html =>
  trusted(renderInline(readText(text), words[locale]));
