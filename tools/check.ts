/** `npm run check`: formatting, lint, types and import boundaries; all of them, then a verdict. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.ts';
import { fail, Refusal, step } from './terminal.ts';

interface Check {
  title: string;
  command: string[];
  cwd?: string;
}

const bin = (name: string) => join(root, 'node_modules/.bin', name);
/** The native compiler. More than one checker does the same work again in each: slower on two cores. */
const tsc = [join(root, 'node_modules/@typescript/native/bin/tsc'), '--checkers', '1'];

function typeChecks(): Check[] {
  const folders = ['packages', 'apps'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
  );
  return [...folders, 'e2e', 'bench', 'attack', 'tools']
    .filter(
      (folder) =>
        existsSync(join(root, folder, 'tsconfig.json')) && !['apps/hub', 'apps/lms'].includes(folder),
    )
    .map((folder) => ({ title: `Types: ${folder}`, command: [...tsc, '-p', folder] }));
}

const checks: Check[] = [
  { title: 'Formatting and lint', command: [bin('biome'), 'check', '--error-on-warnings', '.'] },
  { title: 'Formatting of Svelte files', command: [bin('prettier'), '--check', 'apps/hub/src/**/*.svelte'] },
  { title: 'French typography', command: [process.execPath, 'tools/typography.ts'] },
  {
    title: 'Import boundaries',
    command: [
      bin('depcruise'),
      '--config',
      'tools/boundaries.cjs',
      'apps',
      'packages',
      'tools',
      'e2e',
      'bench',
      'attack',
    ],
  },
  // The longest first.
  {
    title: 'Types: apps/hub (svelte-check)',
    command: ['npm', 'run', 'check', '--silent', '-w', '@preau/hub'],
  },
  { title: 'Types: apps/lms (Next.js)', command: ['npm', 'run', 'check', '--silent', '-w', '@preau/lms'] },
  ...typeChecks(),
];

function run({ command, cwd = root }: Check): Promise<void> {
  return new Promise((resolve, reject) => {
    const [file = '', ...args] = command;
    const child = spawn(file, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (text) => {
      output += text;
    });
    child.stderr.on('data', (text) => {
      output += text;
    });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Refusal(output.slice(-8000)))));
  });
}

/** Each uses one core for the most part. */
const AT_ONCE = 2;

/** Runs every check. @returns how many passed and failed */
export async function check(): Promise<{ passed: number; failed: number }> {
  let failed = 0;
  const left = [...checks];
  const worker = async () => {
    for (let one = left.shift(); one; one = left.shift())
      try {
        await step(one.title, () => run(one));
      } catch (error) {
        failed += 1;
        console.error(error instanceof Refusal ? error.message : error);
      }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { passed: checks.length - failed, failed };
}

if (import.meta.main) {
  const { failed } = await check().catch(fail);
  process.exit(failed ? 1 : 0);
}
