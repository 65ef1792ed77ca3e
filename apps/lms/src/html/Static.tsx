import type { ComponentProps } from 'react';
import type { Html } from './html';

type Tag = 'div' | 'dl' | 'header' | 'footer' | 'nav' | 'ol' | 'ul' | 'section' | 'aside' | 'span' | 'p';

/** Puts a template on the page. */
export function Static({
  as: As = 'div',
  content,
  ...props
}: { as?: Tag; content: Html } & Omit<ComponentProps<'div'>, 'content'>) {
  const attributes = props as Record<string, unknown>;
  // biome-ignore lint/security/noDangerouslySetInnerHtml: a template escaped every value, see html.ts
  return <As {...attributes} dangerouslySetInnerHTML={{ __html: content.html }} />;
}
