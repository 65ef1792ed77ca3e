import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const folder = import.meta.dirname;
const require = createRequire(import.meta.url);

/**
 * The process: `server/`, and the documents of `src/documents`, which Next has no part in.
 * @type {import('esbuild').BuildOptions}
 */
export const serverBundle = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // What is imported when it is needed stays apart until then.
  splitting: true,
  chunkNames: 'parts/[name]-[hash]',
  logLevel: 'warning',
  // `.ts` first, as TypeScript itself does: html/icon.ts stands beside html/Icon.tsx.
  resolveExtensions: ['.ts', '.tsx', '.js', '.json'],
  tsconfig: join(folder, 'tsconfig.json'),
  alias: {
    // Next's compiler gives it a meaning; here everything is the server.
    'server-only': join(dirname(require.resolve('server-only')), 'empty.js'),
    // Without the part that is for React.
    'next-intl': 'use-intl/core',
    // As a module: its package gives Node.js a script that asks for others by `require`.
    yaml: join(dirname(require.resolve('yaml/package.json')), 'browser/index.js'),
  },
};

/**
 * What makes documents move, `src/documents/browser`.
 * @type {import('esbuild').BuildOptions}
 */
export const browserBundle = {
  entryPoints: [join(folder, 'src/documents/browser/main.ts')],
  bundle: true,
  format: 'esm',
  target: 'es2022',
  logLevel: 'warning',
};
