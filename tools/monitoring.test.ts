/** That the alert rules hold for what they are written for, and speak of metrics that exist. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './paths.ts';

const folder = join(root, 'deploy/monitoring');
const PROMTOOL = '/usr/bin/promtool';
const skip = !existsSync(PROMTOOL) && 'the Debian package prometheus is not installed';

for (const [what, ...args] of [
  ['the rules are well formed', 'check', 'rules', 'rules.yml'],
  ['the rules hold', 'test', 'rules', 'rules.test.yml'],
  ['Prometheus takes its configuration', 'check', 'config', 'prometheus.yml'],
] as const)
  test(what, { skip }, () => {
    const { status, stdout, stderr } = spawnSync(PROMTOOL, args, { cwd: folder, encoding: 'utf8' });
    assert.equal(status, 0, stdout + stderr);
  });

const AMTOOL = '/usr/bin/amtool';
for (const [what, labels, receivers] of [
  ['an alert becomes an incident and reaches who is on call', ['alertname=ProcessGone'], 'preau,on-call'],
  ['an incident reaches who is on call and is no incident again', ['origin=incident'], 'on-call'],
] as const)
  test(what, {
    skip: !existsSync(AMTOOL) && 'the Debian package prometheus-alertmanager is not installed',
  }, () => {
    const args = ['config', 'routes', 'test', '--config.file=alertmanager.yml', ...labels];
    const { stdout, stderr } = spawnSync(AMTOOL, args, { cwd: folder, encoding: 'utf8' });
    assert.equal(stdout.trim(), receivers, stderr);
  });

test('every metric that a rule names is one that a process shows', () => {
  const sources = globSync('{apps,packages}/*/{src/**/*.ts,*.ts}', { cwd: root })
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n');
  const named = readFileSync(join(folder, 'rules.yml'), 'utf8').match(/\b(preau|nodejs|process)_\w+/g) ?? [];
  const missing = [...new Set(named)]
    .map((name) => name.replace(/_(bucket|sum|count)$/, ''))
    .filter(
      (name) => !sources.includes(`'${name}'`) && !sources.includes(`\`${name.replace(/_[a-z]+$/, '_')}`),
    );
  assert.deepEqual(missing, []);
});
