// Builds the artefact: one folder, .next/standalone, that runs by `node apps/lms/start.mjs` for any tenant.
import { spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, extname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'esbuild';
import { alone } from './building.mjs';
import { browserBundle, serverBundle } from './bundling.mjs';

const folder = import.meta.dirname;
const require = createRequire(import.meta.url);
const artefact = join(folder, '.next/standalone/apps/lms');
const compressible = new Set(['.js', '.css', '.svg', '.json', '.txt', '.webmanifest']);
const MIN_COMPRESS_BYTES = 1_000;

await alone(join(folder, '.next'));
rmSync(join(folder, '.next/standalone'), { recursive: true, force: true });
const next = spawnSync(process.execPath, [require.resolve('next/dist/bin/next'), 'build'], {
  cwd: folder,
  stdio: 'inherit',
  env: {
    ...process.env,
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    // Names of server actions are salted with it: the same in every release, so that a form which somebody has open
    // while their platform is updated still arrives. No secret: each instance encrypts with a key of its own.
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: Buffer.from('preau: names of server actions..').toString('base64'),
  },
});
if (next.status !== 0) process.exit(next.status ?? 1);

await build({
  ...serverBundle,
  define: { 'process.env.NODE_ENV': '"production"' },
  entryPoints: [join(folder, 'server/start.ts'), join(folder, 'server/serve.ts')],
  outdir: artefact,
  outExtension: { '.js': '.mjs' },
});
rmSync(join(artefact, 'server.js'), { force: true });
cpSync(join(folder, '.next/static'), join(artefact, '.next/static'), { recursive: true });
const browser = await build({
  ...browserBundle,
  minify: true,
  metafile: true,
  outdir: join(artefact, '.next/static/documents'),
  entryNames: '[name]-[hash]',
});
const [script = ''] = Object.keys(browser.metafile.outputs);
const documents = {
  stylesheet: stylesheet(),
  script: `/_next/static/documents/${basename(script)}`,
};
writeFileSync(join(artefact, '.next/documents.json'), JSON.stringify(documents));
cpSync(join(folder, 'public'), join(artefact, 'public'), { recursive: true });

/** The address of the style sheet that Next made of app/layout.tsx: documents share it. */
function stylesheet() {
  const text = readFileSync(
    join(folder, '.next/server/app/verify/page_client-reference-manifest.js'),
    'utf8',
  );
  const { entryCSSFiles } = JSON.parse(/\] = (\{.*\});?\s*$/s.exec(text)?.[1] ?? '{}');
  const [key] = Object.keys(entryCSSFiles).filter((name) => name.endsWith('/src/app/layout'));
  const [sheet, ...more] = entryCSSFiles[key];
  if (!sheet || more.length > 0) throw new Error('Documents expect one style sheet of app/layout.tsx.');
  return `/_next/${sheet.path}`;
}

/** Text is compressed once here, harder than any server would on the fly. */
function compress(root) {
  if (!existsSync(root)) return;
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !compressible.has(extname(entry.name))) continue;
    const path = join(entry.parentPath, entry.name);
    const content = readFileSync(path);
    if (content.length < MIN_COMPRESS_BYTES) continue;
    const options = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
    writeFileSync(`${path}.br`, brotliCompressSync(content, options));
  }
}
compress(join(artefact, '.next/static'));
compress(join(artefact, 'public'));

/**
 * Runs the artefact once, for nobody, so that V8's compiled code of every module a first visitor meets lies beside
 * it: a third of the time to start. The backend is not there: each page shows that it cannot be reached.
 */
async function warm() {
  const id = '00000000-0000-7000-8000-000000000000';
  const { privateKey } = generateKeyPairSync('ed25519');
  const { kty, crv, x, d } = privateKey.export({ format: 'jwk' });
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const origin = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [join(artefact, 'start.mjs')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      NODE_ENV: 'production',
      INSTANCE_ID: id,
      TENANT_ID: id,
      RELEASE: 'build',
      BACKEND_URL: 'http://127.0.0.1:9',
      PREAU_PUBLIC_URL: origin,
      PLATFORM_URL: origin,
      LISTEN: String(port),
      INSTANCE_KEY: JSON.stringify({
        issuer: `instance:${id}`,
        kid: 'build',
        privateKey: { kty, crv, x, d },
      }),
    },
  });
  const ended = once(child, 'exit');
  const paths = [
    '/healthz',
    '/',
    '/sign-in',
    '/catalogue',
    '/courses/x',
    `/activities/${id}`,
    '/profile',
    '/verify',
  ];
  for (const path of paths) {
    for (let attempt = 0; attempt < 50; attempt += 1) {
      const answer = await fetch(origin + path, { redirect: 'manual' }).catch(() => undefined);
      await answer?.arrayBuffer();
      if (answer) break;
      await wait(100);
    }
  }
  child.kill('SIGTERM');
  await ended;
}
await warm();
// Node writes them for the builder alone; instances have users of their own.
for (const entry of readdirSync(join(artefact, '../../.compile-cache'), {
  recursive: true,
  withFileTypes: true,
}))
  chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
