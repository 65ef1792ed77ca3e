import { readFileSync } from 'node:fs';

/**
 * The tokens and base rules for pages made without Tailwind (the gateway's, the sandbox provider's):
 * tokens.css without its `@theme` part, which only Tailwind understands.
 */
export function plainSheet(): string {
  const sheet = readFileSync(new URL(import.meta.resolve('@preau/design/tokens.css')), 'utf8');
  const theme = sheet.indexOf('@theme inline');
  return (theme === -1 ? sheet : sheet.slice(0, theme))
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
