/** The pages of the hub and of a platform, read from their folders: a new page is looked at without being named. */
import { globSync } from 'node:fs';
import { join } from 'node:path';

const apps = join(import.meta.dirname, '../apps');

/** `/orders/[orderId]` for each page of the hub. */
export function hubPages(): string[] {
  return found('hub/src/routes', '+page.svelte');
}

/** `/courses/[slug]` for each page of a platform, drawn by Next or as a document. */
export function platformPages(): string[] {
  return [...found('lms/src/app', 'page.tsx'), ...found('lms/src/documents', 'page.ts')].sort();
}

function found(folder: string, name: string): string[] {
  return globSync(`**/${name}`, { cwd: join(apps, folder) })
    .map(
      (path) =>
        `/${path
          .split('/')
          .slice(0, -1)
          .filter((part) => !/^[(_]/.test(part))
          .join('/')}`,
    )
    .sort();
}

/** The address of a page: each `[name]` filled in, or undefined where this run has nothing to fill it with. */
export function filled(route: string, values: Record<string, string>): string | undefined {
  let missing = false;
  const path = route.replace(/\[([^\]]+)\]/g, (_, name: string) => {
    const value = values[name];
    missing ||= value === undefined;
    return value ?? '';
  });
  return missing ? undefined : path;
}
