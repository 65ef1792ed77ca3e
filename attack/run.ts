/** One whole run: opens the world, attacks it by every door, says what was found. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../tools/paths.ts';
import { Refusal, step } from '../tools/terminal.ts';
import { Attack } from './attack.ts';
import { fuzz, isFlat } from './fuzz.ts';
import { attackGeneric } from './generic.ts';
import { textOf, written } from './report.ts';
import { attackSql } from './sql.ts';
import { measureTimes } from './timing.ts';
import { codeWalls, sqlWalls, type Trial, tryWithoutCode, tryWithoutSql } from './walls.ts';
import { openWorld, type World } from './world.ts';

const parts = ['sql', 'collections', 'operations', 'walls', 'time', 'fuzz'] as const;
const SEED = 20_261_130;
type Part = (typeof parts)[number];

export interface Wanted {
  parts: readonly Part[];
  oneOf: number;
}

/** `npm run attack -- [part …] [1/N]`: the parts, all where none is named; of the probes, one of N. */
export function readWanted(args: readonly string[]): Wanted {
  const fraction = args.flatMap((arg) => /^1\/(\d+)$/.exec(arg)?.[1] ?? []).map(Number);
  const named = args.filter((arg) => !/^1\/\d+$/.test(arg));
  return {
    parts:
      named.length === 0
        ? parts
        : named.map(
            (name) =>
              parts.find((part) => part === name) ??
              refuse(`Unknown part “${name}”. Known: ${parts.join(', ')}; 1/N for one probe of N.`),
          ),
    oneOf: fraction[0] || 1,
  };
}

function refuse(message: string): never {
  throw new Refusal(message);
}

/** @returns whether nothing was found; attack/last.json says what was sent and what came back */
export async function run({ parts: wanted, oneOf }: Wanted): Promise<boolean> {
  const world = await step('Filling a database with canaries', () => openWorld());
  try {
    const attack = await Attack.prepare(world, { oneOf });
    const { report } = attack;
    const begun = performance.now();
    if (wanted.includes('sql'))
      await step('SQL of another tenant', () => attackSql(attack, world.database.tenantUrl));
    if (wanted.includes('collections'))
      await step('Collections and GraphQL', (say) =>
        attackGeneric(attack, attack.identities, {
          say: (where) => say(`${report.probes} probes, ${report.findings.length} findings, ${where}`),
        }),
      );
    if (wanted.includes('operations'))
      await step('Operations of the document', (say) =>
        attack.run({
          progress: (_, where) =>
            say(`${report.probes} probes, ${report.findings.length} findings, ${where}`),
        }),
      );
    const trials = wanted.includes('walls')
      ? await step('Walls taken away one by one', (say) => tryWalls(world, say))
      : [];
    const honest = attack.identities.filter(({ foreign, refused }) => foreign === 'everything' && !refused);
    const timings = wanted.includes('time')
      ? await step('Time that answers take', (say) => measureTimes(attack, honest, say))
      : [];
    const fuzzed = wanted.includes('fuzz')
      ? await step('Fuzzing', (say) =>
          fuzz(attack, { seed: SEED, rounds: 6, each: Math.max(1, Math.round(6 / oneOf)) }, say),
        )
      : undefined;
    report.seconds = (performance.now() - begun) / 1_000;
    const result = written(report, { trials, timings, fuzzed });
    writeFileSync(join(root, 'attack/last.json'), `${JSON.stringify(result, null, 2)}\n`);
    console.log(`\n${textOf(result)}`);
    const errors = new Set(world.backend.errors().map((error) => error.replace(/[0-9a-f-]{36}/g, '…')));
    if (errors.size > 0) console.log(`\n  Logged as errors:\n${[...errors].join('\n').slice(0, 20_000)}`);
    const sound = !fuzzed || (fuzzed.faults.length === 0 && isFlat(fuzzed.memory));
    const seeing = trials.every(({ findings }) => findings.length > 0);
    return sound && seeing && result.findings.length === 0 && result.unreached.length === 0;
  } finally {
    await world.close();
  }
}

async function tryWalls(world: World, say: (where: string) => void): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (const wall of await sqlWalls(world)) {
    say(wall.name);
    trials.push(await tryWithoutSql(world, wall));
  }
  for (const wall of codeWalls) {
    say(wall.name);
    trials.push(await tryWithoutCode(world, wall));
  }
  return trials;
}
