// Builds the artefact: one folder, .next/standalone, that runs by `node apps/lms/start.mjs` for any tenant.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'esbuild';

const folder = import.meta.dirname;
const require = createRequire(import.meta.url);
const artefact = join(folder, '.next/standalone/apps/lms');
const compressible = new Set(['.js', '.css', '.svg', '.json', '.txt', '.webmanifest']);
const MIN_COMPRESS_BYTES = 1_000;

rmSync(join(folder, '.next/standalone'), { recursive: true, force: true });
const next = spawnSync(process.execPath, [require.resolve('next/dist/bin/next'), 'build'], {
  cwd: folder,
  stdio: 'inherit',
  env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
});
if (next.status !== 0) process.exit(next.status ?? 1);

await build({
  entryPoints: [join(folder, 'server/start.ts')],
  outfile: join(artefact, 'start.mjs'),
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  logLevel: 'warning',
});
rmSync(join(artefact, 'server.js'), { force: true });
cpSync(join(folder, '.next/static'), join(artefact, '.next/static'), { recursive: true });
cpSync(join(folder, 'public'), join(artefact, 'public'), { recursive: true });

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
