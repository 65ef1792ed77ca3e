import { type CompilerOptions, compile } from '@inlang/paraglide-js';
import { urlPatterns } from './src/lib/paths.ts';

/** How messages/*.json become functions; the same for the build (vite.config.ts) and for the type check. */
export const paraglide: CompilerOptions = {
  project: './project.inlang',
  outdir: './src/lib/paraglide',
  strategy: ['url', 'baseLocale'],
  urlPatterns,
  emitTsDeclarations: true,
  emitReadme: false,
};

// `node paraglide.ts` compiles once, where nothing else does: before svelte-check in a fresh clone.
if (import.meta.main) await compile(paraglide);
