/** What a run found: for the terminal, and as JSON. */
import { styleText } from 'node:util';
import { emptyReport, type Finding, type Report, type Tally } from './attack.ts';
import { type Fuzzed, isFlat } from './fuzz.ts';
import type { Timing } from './timing.ts';
import type { Trial } from './walls.ts';

export interface WrittenReport {
  at: string;
  seconds: number;
  probes: number;
  past: number;
  findings: Finding[];
  unreached: { operation: string; lastRefusal: string }[];
  operations: ({ name: string } & Tally)[];
  identities: ({ name: string } & Tally)[];
  ways: ({ name: string } & Tally)[];
  walls: { wall: string; probes: number; foundBy: string | undefined }[];
  timings: readonly Timing[];
  fuzzed: Fuzzed | undefined;
}

/** The shares of a run as one. */
export function merge(reports: readonly Report[]): Report {
  const whole = emptyReport();
  for (const { probes, seconds, unreached, findings, ...tallies } of reports) {
    whole.probes += probes;
    whole.seconds += seconds;
    whole.findings.push(...findings);
    for (const [operation, refusal] of unreached) whole.unreached.set(operation, refusal);
    for (const key of ['operations', 'identities', 'ways'] as const)
      for (const [name, tally] of tallies[key]) {
        const known = whole[key].get(name) ?? { probes: 0, past: 0 };
        whole[key].set(name, { probes: known.probes + tally.probes, past: known.past + tally.past });
      }
  }
  return whole;
}

const listed = (tallies: ReadonlyMap<string, Tally>) =>
  [...tallies].map(([name, tally]) => ({ name, ...tally })).sort((a, b) => b.probes - a.probes);

interface Besides {
  trials?: readonly Trial[];
  timings?: readonly Timing[];
  fuzzed?: Fuzzed | undefined;
}

export function written(report: Report, { trials = [], timings = [], fuzzed }: Besides = {}): WrittenReport {
  const operations = listed(report.operations);
  return {
    at: new Date().toISOString(),
    seconds: Math.round(report.seconds),
    probes: report.probes,
    past: operations.reduce((sum, { past }) => sum + past, 0),
    findings: report.findings,
    unreached: [...report.unreached].map(([operation, lastRefusal]) => ({ operation, lastRefusal })),
    operations,
    identities: listed(report.identities),
    ways: listed(report.ways),
    timings,
    fuzzed,
    walls: trials.map(({ wall, probes, findings: [first] }) => ({
      wall,
      probes,
      foundBy: first && `${first.kind}: ${first.operation} as ${first.identity}, by ${first.way}`,
    })),
  };
}

/** Operations by the door that they stand behind. */
function doorOf(operation: string): string {
  if (operation.startsWith('graphql')) return 'GraphQL';
  if (operation.startsWith('collections/')) return 'REST of the collections';
  if (operation.startsWith('table ')) return 'SQL';
  return 'operations of the document';
}

function table(heading: string, tallies: readonly ({ name: string } & Tally)[]): string {
  const width = Math.max(heading.length, ...tallies.map(({ name }) => name.length));
  const line = (name: string, probes: string, past: string) =>
    `  ${name.padEnd(width)}  ${probes.padStart(7)}  ${past.padStart(7)}`;
  return [
    styleText('dim', line(heading, 'probes', 'past')),
    ...tallies.map(({ name, probes, past }) => line(name, String(probes), String(past))),
  ].join('\n');
}

const MEBIBYTE = 1024 * 1024;

function fuzzedText({ seed, requests, faults, memory }: Fuzzed): string {
  const sizes = memory.map((bytes) => Math.round(bytes / MEBIBYTE)).join(', ');
  return [
    `  ${requests} fuzzed requests from seed ${seed}; after each round ${sizes} MiB${isFlat(memory) ? '' : styleText('red', ': it grows')}`,
    ...[...new Set(faults)]
      .slice(0, 20)
      .map((fault) => `  ${styleText('red', 'fault')} ${fault.slice(0, 600)}`),
  ].join('\n');
}

const SHOWN_TIMINGS = 12;

/** The likeliest differences first. Of some hundred, one is below 0.01 by chance alone. */
function timingsText(timings: readonly Timing[]): string {
  const shown = timings.slice(0, SHOWN_TIMINGS);
  const width = Math.max(...shown.map(({ operation, identity }) => operation.length + identity.length + 5));
  return [
    styleText('dim', `  ${'elsewhere against nowhere'.padEnd(width)}   median ms   by chance`),
    ...shown.map(
      ({ operation, identity, difference, chance }) =>
        `  ${`${operation} as ${identity}`.padEnd(width)}  ${difference.toFixed(3).padStart(10)}  ${chance.toFixed(4).padStart(10)}`,
    ),
    `  ${timings.length} measured, ${timings.filter(({ chance }) => chance < 0.01).length} below 0.01`,
  ].join('\n');
}

function wallsText(walls: WrittenReport['walls']): string {
  const width = Math.max(...walls.map(({ wall }) => wall.length));
  return [
    styleText('dim', `  ${'without the wall'.padEnd(width)}  probes  found by`),
    ...walls.map(
      ({ wall, probes, foundBy }) =>
        `  ${wall.padEnd(width)}  ${String(probes).padStart(6)}  ${foundBy ?? styleText('red', 'nothing: the attack is blind here')}`,
    ),
  ].join('\n');
}

export function textOf(report: WrittenReport): string {
  const doors = new Map<string, Tally>();
  for (const { name, probes, past } of report.operations) {
    const door = doors.get(doorOf(name)) ?? { probes: 0, past: 0 };
    doors.set(doorOf(name), { probes: door.probes + probes, past: door.past + past });
  }
  const findings = report.findings.map(
    ({ kind, operation, identity, way, detail, curl }) =>
      `  ${styleText('red', kind)}  ${operation} as ${identity}, by ${way}\n    ${detail}\n    ${styleText('dim', curl)}`,
  );
  const unreached = report.unreached.map(
    ({ operation, lastRefusal }) => `  ${operation}: ${lastRefusal.slice(0, 200)}`,
  );
  return [
    table('door', listed(doors)),
    table('who', report.identities),
    table('by', report.ways),
    ...(report.timings.length > 0 ? [timingsText(report.timings)] : []),
    ...(report.fuzzed ? [fuzzedText(report.fuzzed)] : []),
    ...(report.walls.length > 0 ? [wallsText(report.walls)] : []),
    unreached.length > 0
      ? `${styleText('red', 'Operations that no valid call got into:')}\n${unreached.join('\n')}`
      : `  Every one of the ${report.operations.length} targets was reached by a valid call or is excused.`,
    findings.length > 0
      ? `${styleText('red', `${findings.length} findings`)}\n${findings.join('\n')}`
      : `  ${styleText('green', 'No hit')} in ${report.probes} probes, ${report.past} of which got past the look of their input, in ${report.seconds} s.`,
  ].join('\n\n');
}

/** For a test's message. */
export function findingsText(findings: readonly Finding[]): string {
  return findings
    .slice(0, 20)
    .map(
      ({ kind, operation, identity, way, detail, curl }) =>
        `${kind}: ${operation} as ${identity}, by ${way}: ${detail}\n  ${curl}`,
    )
    .join('\n');
}
