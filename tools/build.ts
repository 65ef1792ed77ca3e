/** Builds the apps whose sources changed since their last build. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build as bundle, stop as endBundler } from 'esbuild';
import { root } from './paths.ts';
import { Refusal, step } from './terminal.ts';

/** The primary of a service, bundled: it lives as long as the service and holds a third less so. */
export const PRIMARY = join(root, '.data/built/primary.mjs');

interface Target {
  app: string;
  /** Workspace packages it is built from. */
  packages: string[];
  /** What must be there afterwards. */
  output: string;
}

const targets: Target[] = [
  {
    app: 'gateway',
    packages: ['contract', 'design', 'identity', 'telemetry'],
    output: 'dist/main.js',
  },
  { app: 'sandbox', packages: ['billing', 'design'], output: 'dist/main.js' },
  { app: 'status', packages: ['contract', 'design'], output: 'dist/main.js' },
  { app: 'operator', packages: ['contract', 'billing', 'identity', 'telemetry'], output: 'dist/main.js' },
  {
    app: 'backend',
    packages: ['contract', 'billing', 'elearning', 'identity', 'design', 'telemetry'],
    output: 'dist/main.js',
  },
  {
    app: 'hub',
    packages: ['contract', 'billing', 'design', 'identity', 'telemetry'],
    output: 'build/index.js',
  },
  {
    app: 'lms',
    packages: ['contract', 'design', 'elearning', 'identity', 'telemetry'],
    output: '.next/standalone',
  },
];
/** What builds and checks write beside the sources. */
const notSource = new Set([
  'node_modules',
  'dist',
  'build',
  '.next',
  '.svelte-kit',
  '.data',
  'paraglide',
  '.lix',
  'cache',
  '.meta.json',
  '.gitignore',
  'README.md',
]);

async function files(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (notSource.has(entry.name) || entry.name.endsWith('.test.ts') || entry.name.endsWith('.tsbuildinfo'))
      continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await files(path)));
    else if (entry.isFile() && entry.name !== 'next-env.d.ts') found.push(path);
  }
  return found.sort();
}

async function fingerprint({ app, packages }: Target): Promise<string> {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  for (const folder of [`apps/${app}`, ...packages.map((name) => `packages/${name}`)]) {
    for (const file of await files(join(root, folder))) {
      hash
        .update(file.slice(root.length))
        .update('\0')
        .update(await readFile(file))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

function run(app: string, say: (detail: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['run', 'build', '--silent', '-w', `@preau/${app}`], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_ENV: 'production' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const last = text.trim().split('\n').at(-1) ?? '';
        say(last.slice(0, 70));
      });
    }
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Refusal(`Building ${app} failed:\n\n${output.slice(-6000)}`)),
    );
  });
}

/** Written where it is another one only: whoever starts what somebody else has built may not write there. */
async function bundlePrimary(): Promise<void> {
  const { outputFiles } = await bundle({
    absWorkingDir: root,
    entryPoints: [join(import.meta.dirname, 'primary.ts')],
    outfile: PRIMARY,
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    logLevel: 'warning',
  });
  // Its process would stay beside the platform, and outlive a launcher that ends for a moment.
  await endBundler();
  const text = outputFiles[0]?.text ?? '';
  if (!existsSync(PRIMARY) || readFileSync(PRIMARY, 'utf8') !== text) writeFileSync(PRIMARY, text);
}

/** Builds what changed; several light ones at once, the two heavy ones one after the other. */
export async function build(names?: string[]): Promise<void> {
  const stamps = join(root, '.data/built');
  mkdirSync(stamps, { recursive: true });
  await bundlePrimary();
  for (const target of targets) {
    if (names && !names.includes(target.app)) continue;
    const stamp = join(stamps, target.app);
    const now = await fingerprint(target);
    const output = join(root, 'apps', target.app, target.output);
    if (existsSync(output) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) continue;
    await step(`Building ${target.app}`, (say) => run(target.app, say));
    if (!existsSync(output)) throw new Refusal(`Building ${target.app} left no ${target.output}.`);
    writeFileSync(stamp, now);
  }
}
