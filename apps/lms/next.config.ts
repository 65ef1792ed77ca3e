import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

const root = fileURLToPath(new URL('../..', import.meta.url));

const config: NextConfig = {
  output: 'standalone',
  outputFileTracingRoot: root,
  turbopack: { root },
  transpilePackages: [
    '@preau/contract',
    '@preau/design',
    '@preau/elearning',
    '@preau/identity',
    '@preau/telemetry',
  ],
  images: { unoptimized: true },
  // start.mjs compresses, answers conditional requests and sets the headers.
  compress: false,
  generateEtags: false,
  poweredByHeader: false,
  reactStrictMode: true,
  // Titles are in the head from the first byte, for everybody: no second stream for metadata.
  htmlLimitedBots: /./,
  // `npm run check` does it, for every app at once.
  typescript: { ignoreBuildErrors: true },
};

export default config;
