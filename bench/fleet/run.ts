/** `npm run bench:fleet`: what dedicated instances cost: starts, wakes, and the memory of a fleet that mostly sleeps. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal, step } from '../../tools/terminal.ts';
import { benchFleetProvisioning, fleetProvisioningText } from './provisioning.ts';
import { benchWake, wakeText } from './wake.ts';

const COMPANIES = 20;
/** 50 sleepers are woken at once; the rest of 500 tenants are rows and a route. */
const WAKE = { pairs: 25, tenants: 500 };

const parts = {
  provisioning: async () => {
    const result = await step(`${COMPANIES} companies pay, cold and from standbys`, (say) =>
      benchFleetProvisioning(COMPANIES, say),
    );
    console.log(`\n${fleetProvisioningText(result)}\n`);
    return result;
  },
  wake: async () => {
    const result = await step(`${WAKE.pairs * 2} platforms sleep and wake`, (say) => benchWake(WAKE, say));
    console.log(`\n${wakeText(result)}\n`);
    return result;
  },
};
type Part = keyof typeof parts;

const isPart = (name: string): name is Part => name in parts;

/** Measures the parts that are named, or all; writes bench/fleet/last.json. @throws Refusal where a name is unknown */
export async function runFleet(names: readonly string[]): Promise<void> {
  if (process.platform !== 'linux') throw new Refusal('The bench reads memory from /proc: run it on Linux.');
  const known = Object.keys(parts).filter(isPart);
  const unknown = names.find((name) => !isPart(name));
  if (unknown) throw new Refusal(`Unknown part “${unknown}”. Known: ${known.join(', ')}.`);
  const report: Record<string, unknown> = { at: new Date().toISOString() };
  for (const part of names.length > 0 ? names.filter(isPart) : known) report[part] = await parts[part]();
  writeFileSync(join(import.meta.dirname, 'last.json'), `${JSON.stringify(report, null, 2)}\n`);
}
