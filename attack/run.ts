/** Runs of the attack: shares of the probes in worlds of their own, then the walls, the time and the fuzzing. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../tools/paths.ts';
import { Refusal, step } from '../tools/terminal.ts';
import { Attack, emptyReport, type Report, type Share, WHOLE } from './attack.ts';
import { attackContent } from './content.ts';
import { attackEdge } from './edge.ts';
import { fuzz, isFlat } from './fuzz.ts';
import { attackGeneric } from './generic.ts';
import { openLedger } from './ledger.ts';
import { attackOutbound } from './outbound.ts';
import { merge, textOf, written } from './report.ts';
import { attackSql } from './sql.ts';
import { measureTimes } from './timing.ts';
import { attackUploads } from './uploads.ts';
import { codeWalls, sqlWalls, type Trial, tryWithoutCode, tryWithoutSql } from './walls.ts';
import { openWorld, type World } from './world.ts';

/** The first four send probes, of which shares can be sent; the others look at the whole. */
const probing = ['sql', 'collections', 'operations', 'doors'] as const;
const parts = [...probing, 'walls', 'time', 'fuzz'] as const;
const SEED = 20_261_130;
/** Of a whole run: a world each, so that one that was interrupted goes on where it was. */
const SHARES = 12;
type Part = (typeof parts)[number];

export interface Wanted {
  parts: readonly Part[];
  /** Undefined for all of them. */
  share: Share | undefined;
}

/** `npm run attack -- [part …] [n/N]`: the parts, all where none is named; of the probes, the nth of N shares. */
export function readWanted(args: readonly string[]): Wanted {
  const named = args.filter((arg) => !SHARE.test(arg));
  const [, nth, of] = SHARE.exec(args.find((arg) => SHARE.test(arg)) ?? '') ?? [];
  const share = { nth: Number(nth), of: Number(of) };
  if (share.nth < 1 || share.nth > share.of)
    refuse(`There is no share ${nth} of ${of}: 1/${of} is the first one.`);
  return {
    parts:
      named.length === 0
        ? parts
        : named.map(
            (name) =>
              parts.find((part) => part === name) ??
              refuse(`Unknown part “${name}”. Known: ${parts.join(', ')}; 1/N for one probe of N.`),
          ),
    share: nth ? share : undefined,
  };
}

const SHARE = /^(\d+)\/(\d+)$/;

function refuse(message: string): never {
  throw new Refusal(message);
}

/** @returns whether nothing was found; attack/last.json says what was sent and what came back */
export async function run({ parts: wanted, share }: Wanted): Promise<boolean> {
  const begun = performance.now();
  const sends = probing.filter((part) => wanted.includes(part));
  const report = share
    ? await sendShare(sends, share)
    : sends.length > 0
      ? await sendAll(sends)
      : emptyReport();
  const { trials, timings, fuzzed } = await lookBesides(wanted, share?.of ?? 1);
  report.seconds = Math.max(report.seconds, (performance.now() - begun) / 1_000);
  const result = written(report, { trials, timings, fuzzed });
  writeFileSync(join(root, 'attack/last.json'), `${JSON.stringify(result, null, 2)}\n`);
  console.log(`\n${textOf(result)}`);
  const sound = !fuzzed || (fuzzed.faults.length === 0 && isFlat(fuzzed.memory));
  const seeing = trials.every(({ findings }) => findings.length > 0);
  return sound && seeing && result.findings.length === 0 && result.unreached.length === 0;
}

/** Every share after the other; what an earlier run of the same sources has done is not done again. */
async function sendAll(sends: readonly Part[]): Promise<Report> {
  const ledger = openLedger(`${sends.join(' ')} of ${SHARES}`);
  const missing = Array.from({ length: SHARES }, (_, index) => index + 1).filter((nth) => !ledger.has(nth));
  if (missing.length < SHARES)
    console.log(`  ${SHARES - missing.length} of ${SHARES} shares were sent before, from these sources.`);
  const begun = performance.now();
  for (const [index, nth] of missing.entries()) {
    const { probes, findings } = ledger.keep(nth, await sendShare(sends, { nth, of: SHARES }));
    const minutes = (performance.now() - begun) / 60_000 / (index + 1);
    const left = missing.length - index - 1;
    console.log(
      `  ${probes} probes, ${findings.length} findings${left > 0 ? `; about ${Math.ceil(minutes * left)} min for the ${left} shares that are left` : ''}`,
    );
  }
  return merge(ledger.all());
}

async function sendShare(sends: readonly Part[], share: Share): Promise<Report> {
  if (sends.length === 0) return emptyReport();
  const world = await step('Filling a database with canaries', () => openWorld());
  const begun = performance.now();
  try {
    const attack = await Attack.prepare(world, share);
    const { report } = attack;
    const which = share.of === 1 ? '' : `, share ${share.nth} of ${share.of}`;
    const told = (done: number, where: string) =>
      `${Math.floor(done * 100)} %, ${report.probes} probes, ${report.findings.length} findings, ${where}`;
    // All of it is quick.
    if (sends.includes('sql') && share.nth === 1)
      await step('SQL of another tenant', () => attackSql(attack, world.database.tenantUrl));
    if (sends.includes('collections'))
      await step(`Collections and GraphQL${which}`, (say) =>
        attackGeneric(attack, attack.identities, { say: (done, where) => say(told(done, where)) }),
      );
    if (sends.includes('operations'))
      await step(`Operations of the document${which}`, (say) =>
        attack.run({ reach: share.nth === 1, progress: (done, where) => say(told(done, where)) }),
      );
    if (sends.includes('doors'))
      await step(`Content, uploads, other origins and providers${which}`, async () => {
        await attackContent(attack);
        await attackUploads(attack, attack.identities);
        if (share.nth === 1) await attackEdge(attack);
        if (share.nth === 1) await attackOutbound(attack);
      });
    const errors = new Set(world.backend.errors().map((error) => error.replace(/[0-9a-f-]{36}/g, '…')));
    if (errors.size > 0) console.log(`\n  Logged as errors:\n${[...errors].join('\n').slice(0, 20_000)}`);
    report.seconds = (performance.now() - begun) / 1_000;
    return report;
  } finally {
    await world.close();
  }
}

/** What is no matter of shares: the attack on trial, time, and fuzzing. */
async function lookBesides(wanted: readonly Part[], oneOf: number) {
  if (!wanted.some((part) => !probing.some((each) => each === part)))
    return { trials: [], timings: [], fuzzed: undefined };
  const world = await step('Filling a database with canaries', () => openWorld());
  try {
    const attack = await Attack.prepare(world, WHOLE);
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
    return { trials, timings, fuzzed };
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
