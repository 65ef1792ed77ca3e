import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const routesManifest = z.object({
  dynamicRoutes: z.array(z.object({ page: z.string(), regex: z.string() })),
});
const pathsManifest = z.record(z.string(), z.string());

export interface Routes {
  /** The module of a path, relative to `.next/server/app`, or undefined where nothing answers it. */
  find(pathname: string): string | undefined;
  /** The module that says that nothing answers. */
  missing: string;
}

/** Reads what the build wrote: which module answers which path. */
export function readRoutes(distDir: string): Routes {
  const json = (file: string): unknown => JSON.parse(readFileSync(join(distDir, file), 'utf8'));
  const modules = new Map(
    Object.entries(pathsManifest.parse(json('app-path-routes-manifest.json'))).map(([module, page]) => [
      page,
      module,
    ]),
  );
  const dynamic = routesManifest
    .parse(json('routes-manifest.json'))
    .dynamicRoutes.map(({ page, regex }) => ({ module: modules.get(page), pattern: new RegExp(regex) }));
  const fixed = new Map([...modules].filter(([page]) => !page.includes('[') && !page.startsWith('/_')));
  return {
    find: (pathname) => fixed.get(pathname) ?? dynamic.find((route) => route.pattern.test(pathname))?.module,
    missing: '/missing/page',
  };
}
