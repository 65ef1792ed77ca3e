/** `npm run build -w @preau/backend`: one bundle in `dist`, with what only some requests need in chunks of their own. */
import { rename, rm } from 'node:fs/promises';
import { build } from 'esbuild';

/** Built aside: whoever starts meanwhile finds the old bundle whole, or the new one. */
const outdir = `.dist-${process.pid}`;
await build({
  entryPoints: {
    main: 'src/main.ts',
    reader: 'src/imports/reader.ts',
    pictures: 'src/pictures/worker.ts',
    unpack: 'src/packages/unpack.ts',
  },
  outdir,
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  // drizzle tells a pool by its class's name.
  keepNames: true,
  logLevel: 'warning',
  external: [
    // Native addons, and what finds its own files at run time.
    '@node-rs/argon2',
    'sharp',
    'pdfkit',
    'pg-native',
    '@dbos-inc/dbos-sdk',
    // Only for writing migrations and types.
    'drizzle-kit',
    'drizzle-kit/api',
    'json-schema-to-typescript',
    'prettier',
  ],
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
});
await rm('dist', { recursive: true, force: true });
await rename(outdir, 'dist');
