/**
 * `npm test`: checks, unit and integration tests on a real PostgreSQL, then the journeys in real Chromium.
 * Ends with one line, `N passed, N failed, N skipped`. Arguments narrow it: `npm test -- check unit e2e`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { noEngine } from '../apps/operator/src/testing/engine.ts';
import { build } from './build.ts';
import { check } from './check.ts';
import { CHROMIUM, HEADLESS_CHROMIUM, root } from './paths.ts';
import { fail, Refusal, step } from './terminal.ts';

const UNIT_TIMEOUT_MS = 600_000;
const JOURNEY_TIMEOUT_MS = 900_000;
/** Test files in processes of their own read the same sources: what those compile to is kept for the next one. */
const COMPILED = join(root, '.data/compiled');

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

async function testFiles(pattern: string): Promise<string[]> {
  const found: string[] = [];
  for await (const file of glob(pattern, {
    cwd: root,
    exclude: (name) => ['node_modules', 'dist', 'build', '.next', '.svelte-kit', '.data'].includes(name),
  })) {
    found.push(join(root, file));
  }
  return found.sort();
}

interface Runner {
  /** `process`: each file in its own; `none`: all in this one, so that journeys share a platform and a browser. */
  isolation: 'process' | 'none';
  concurrency?: number;
  timeout: number;
}

/** Runs test files by node's runner. */
function runTests(files: string[], { isolation, concurrency = 1, timeout }: Runner): Promise<Tally> {
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
  if (files.length === 0) return Promise.resolve(tally);
  return new Promise((resolve, reject) => {
    const stream = run({
      files,
      isolation,
      timeout,
      cwd: root,
      ...(isolation === 'process'
        ? { concurrency, env: { ...process.env, NODE_COMPILE_CACHE: COMPILED } }
        : {}),
    });
    stream.on('test:summary', ({ file, counts }) => {
      if (file !== undefined) return;
      tally.passed = counts.passed;
      tally.skipped = counts.skipped + counts.todo;
      tally.failed = counts.tests - counts.passed - counts.skipped - counts.todo;
    });
    stream.on('error', reject);
    stream.on('end', () => resolve(tally));
    stream.compose(new spec()).pipe(process.stdout, { end: false });
  });
}

/** Installs a Debian package where its program is missing and apt is there. @returns whether the program is there */
async function installDebian(name: string, program: string): Promise<boolean> {
  if (existsSync(program)) return true;
  if (spawnSync('apt-get', ['--version']).status !== 0 || process.getuid?.() !== 0) return false;
  await step(`Installing ${name}`, async () => {
    for (const args of [
      ['update', '-qq'],
      ['install', '-y', '-qq', name],
    ]) {
      const code = await new Promise<number | null>((resolve, reject) => {
        const child = spawn('apt-get', args, {
          stdio: ['ignore', 'ignore', 'inherit'],
          env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
        });
        child.on('error', reject);
        child.on('exit', resolve);
      });
      if (code !== 0) throw new Refusal(`apt-get ${args.join(' ')} failed.`);
    }
  });
  return existsSync(program);
}

async function requireChromium(): Promise<void> {
  // Not every Debian has it, and a machine with a Chromium needs no network.
  if (await installDebian('chromium-headless-shell', HEADLESS_CHROMIUM).catch(() => false)) return;
  if (await installDebian('chromium', CHROMIUM)) return;
  throw new Refusal(`The journeys need Chromium at ${CHROMIUM}: install the Debian package \`chromium\`.`);
}

const stages: Record<string, () => Promise<Tally>> = {
  check: async () => ({ ...(await check()), skipped: 0 }),
  unit: async () => {
    // The tests that need them skip, visibly, where they cannot be installed.
    await installDebian('pgbouncer', '/usr/sbin/pgbouncer');
    await installDebian('clamav-daemon', '/usr/sbin/clamd');
    await installDebian('prometheus', '/usr/bin/promtool');
    await installDebian('prometheus-alertmanager', '/usr/bin/prometheus-alertmanager');
    await installDebian('caddy', '/usr/bin/caddy');
    await installDebian('pebble', '/usr/bin/pebble');
    await installDebian('docker.io', '/usr/sbin/dockerd');
    await build();
    return runTests(await testFiles('{packages,apps,tools,bench,attack}/**/*.test.ts'), {
      isolation: 'process',
      concurrency: 2,
      timeout: UNIT_TIMEOUT_MS,
    });
  },
  e2e: async () => {
    await requireChromium();
    await build();
    return runTests(await testFiles('e2e/**/*.test.ts'), {
      isolation: 'none',
      timeout: JOURNEY_TIMEOUT_MS,
    });
  },
  // The whole road once more, with instances in containers: the other journeys do not ask what runs an instance.
  containers: async () => {
    const missing = noEngine();
    if (missing) {
      console.log(`﹣ the road with containers: ${missing}`);
      return { passed: 0, failed: 0, skipped: 1 };
    }
    await build();
    process.env.DRIVER = 'docker';
    return runTests(await testFiles('e2e/road.test.ts'), {
      isolation: 'process',
      timeout: JOURNEY_TIMEOUT_MS,
    });
  },
};

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const total: Tally = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, stage] of Object.entries(stages)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    console.log(`\n── ${name} ──`);
    const tally = await stage();
    total.passed += tally.passed;
    total.failed += tally.failed;
    total.skipped += tally.skipped;
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
}

await main().catch(fail);
