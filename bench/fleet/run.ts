/**
 * `npm run bench:fleet`: what dedicated instances cost and stand: starts, wakes, the memory of a fleet that mostly
 * sleeps, updates and kills while platforms are in use.
 */
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { Refusal, step } from '../../tools/terminal.ts';
import { type Finding, findingsMarkdown, findingsText } from '../report.ts';
import { benchKills, killsFindings } from './kills.ts';
import { type FleetReport, fleetPicture } from './picture.ts';
import { benchFleetProvisioning, provisioningFindings } from './provisioning.ts';
import { benchRollout, rolloutFindings } from './rollout.ts';
import { benchWake, wakeFindings } from './wake.ts';

/** `--tiny` is for whoever works on the bench. */
const sizes = {
  whole: { companies: 20, wake: { sleepers: 50, rounds: 20, tenants: 500 }, rollout: 50, kills: 10 },
  tiny: { companies: 2, wake: { sleepers: 6, rounds: 5, tenants: 20 }, rollout: 4, kills: 2 },
};
type Size = (typeof sizes)['whole'];

interface Part<T> {
  title(size: Size): string;
  measure(size: Size, say: (text: string) => void): Promise<T>;
  findings(result: T): Finding[];
}
const partOf = <T>(part: Part<T>) => part;

const parts = {
  provisioning: partOf({
    title: ({ companies }) => `${companies} companies pay, cold and from standbys`,
    measure: ({ companies }, say) => benchFleetProvisioning(companies, say),
    findings: provisioningFindings,
  }),
  wake: partOf({
    title: ({ wake }) => `${wake.sleepers} platforms sleep and wake`,
    measure: ({ wake }, say) => benchWake(wake, say),
    findings: wakeFindings,
  }),
  rollout: partOf({
    title: ({ rollout }) => `${rollout} platforms in use are updated`,
    measure: ({ rollout }, say) => benchRollout(rollout, say),
    findings: rolloutFindings,
  }),
  kills: partOf({
    title: ({ kills }) => `${kills} platforms are in use while processes are killed`,
    measure: ({ kills }, say) => benchKills(kills, say),
    findings: killsFindings,
  }),
};

/** Measures, shows and answers one part. */
async function run<T>(part: Part<T>, size: Size): Promise<{ result: T; markdown: string }> {
  const result = await step(part.title(size), (say) => part.measure(size, say));
  const findings = part.findings(result);
  console.log(`\n${findingsText(findings)}\n`);
  return { result, markdown: findingsMarkdown(findings) };
}

/**
 * Measures the parts that are named, or all; writes `last.json`, `last.svg` and, for docs/benchmarks.md, `last.md`.
 * @throws Refusal where a name is unknown
 */
export async function runFleet(args: readonly string[]): Promise<void> {
  if (process.platform !== 'linux') throw new Refusal('The bench reads memory from /proc: run it on Linux.');
  const names = args.filter((arg) => arg !== '--tiny');
  const size = args.includes('--tiny') ? sizes.tiny : sizes.whole;
  const unknown = names.find((name) => !(name in parts));
  if (unknown)
    throw new Refusal(`Unknown part “${unknown}”. Known: ${Object.keys(parts).join(', ')}, --tiny.`);
  const wants = (name: keyof typeof parts) => names.length === 0 || names.includes(name);
  const report: FleetReport = {
    at: new Date().toISOString(),
    machine: {
      cpus: cpus().length,
      model: cpus()[0]?.model ?? 'unknown',
      node: process.version,
      loadAverage: loadavg()[0] ?? 0,
    },
  };
  const texts: string[] = [];
  const keep = <T>({ result, markdown }: { result: T; markdown: string }): T => {
    texts.push(markdown);
    return result;
  };
  if (wants('provisioning')) report.provisioning = keep(await run(parts.provisioning, size));
  if (wants('wake')) report.wake = keep(await run(parts.wake, size));
  if (wants('rollout')) report.rollout = keep(await run(parts.rollout, size));
  if (wants('kills')) report.kills = keep(await run(parts.kills, size));
  const write = (name: string, text: string) => writeFileSync(join(import.meta.dirname, name), text);
  write('last.json', `${JSON.stringify(report, null, 2)}\n`);
  write('last.md', texts.join('\n'));
  write('last.svg', fleetPicture(report));
}
