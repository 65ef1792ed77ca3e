import { visit } from '@/server/visit';
import { windowTitle } from './head';

/**
 * The page's title, which React lifts into the head. Not Next's `generateMetadata`: that is a second pass over every
 * layer of the page, for each request.
 */
export async function Title({ text }: { text: string }) {
  const { site } = await visit();
  return <title>{windowTitle(text, site)}</title>;
}
