import { paraglideVitePlugin } from '@inlang/paraglide-js';
import adapter from '@sveltejs/adapter-node';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';
import { paraglide } from './paraglide.ts';

export default defineConfig({
  plugins: [
    paraglideVitePlugin(paraglide),
    tailwindcss(),
    sveltekit({
      adapter: adapter(),
      // The rest of the policy depends on where the platform runs: see src/hooks.server.ts.
      csp: {
        mode: 'nonce',
        directives: {
          'default-src': ['none'],
          'script-src': ['self'],
          'style-src': ['self'],
          // Brand previews and floating menus carry style attributes; they cannot run anything.
          'style-src-attr': ['unsafe-inline'],
          'img-src': ['self', 'data:', 'blob:'],
          'font-src': ['self'],
          'connect-src': ['self'],
          'manifest-src': ['self'],
          'frame-src': ['self'],
          'base-uri': ['none'],
          'object-src': ['none'],
        },
      },
      // hooks.server.ts compares Origin with the public address of the platform, on every method and type.
      csrf: { trustedOrigins: ['*'] },
      output: { linkHeaderPreload: false },
    }),
  ],
  // Sources of the workspace's packages, not builds: bundle them.
  ssr: { noExternal: [/^@preau\//] },
});
