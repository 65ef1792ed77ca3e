/** What a run found, as tables and bars for the terminal and as a picture. */
import { stripVTControlCharacters, styleText } from 'node:util';
import type { LoadResult } from './load.ts';
import type { Memory } from './memory.ts';
import { aims, moodle } from './moodle.ts';
import type { PageResult } from './pages.ts';
import type { ProvisionResult } from './provision.ts';
import { quantile } from './statistics.ts';
import type { Weight } from './weight.ts';

export interface Report {
  at: string;
  machine: { cpus: number; model: string; memoryGiB: number; node: string; loadAverage: number };
  pages?: PageResult[];
  weight?: Weight;
  /** With the CPU milliseconds that all processes use in a second while nobody asks anything. */
  memory?: { idle: Memory; loaded: Memory; idleCpu: number };
  provisioning?: ProvisionResult;
}

const whole = (value: number) => value.toFixed(0);
const tenth = (value: number) => value.toFixed(1);
export const percent = (share: number) => `${whole(share * 100)} %`;

export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ');
  return [styleText('dim', line(headings)), ...rows.map(line)].map((text) => `  ${text}`).join('\n');
}

/** A table, or a sentence about it. */
export type Finding = string | { headings: readonly string[]; rows: readonly (readonly string[])[] };

/** For the terminal. */
export const findingsText = (findings: readonly Finding[]): string =>
  findings
    .map((finding) => (typeof finding === 'string' ? `  ${finding}` : table(finding.headings, finding.rows)))
    .join('\n');

/** For docs/benchmarks.md. */
export const findingsMarkdown = (findings: readonly Finding[]): string =>
  findings
    .map((finding) => {
      if (typeof finding === 'string') return `${stripVTControlCharacters(finding)}\n`;
      const { headings, rows } = finding;
      const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
      return `${[line(headings), `|${'---|'.repeat(headings.length)}`, ...rows.map(line)].join('\n')}\n`;
    })
    .join('\n');

export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;

/** A row of times: how many, median, p95 and the longest. */
export const timesRow = (name: string, times: readonly number[]): string[] => [
  name,
  String(times.length),
  ...[0.5, 0.95, 1].map((q) => seconds(quantile(times, q))),
];

export const verdict = (reached: boolean) =>
  styleText(reached ? 'green' : 'yellow', reached ? 'reached' : 'missed');

const BAR = 40;
/** One bar for each figure, on one scale. */
function bars(rows: readonly { name: string; value: number }[], unit: string): string {
  const most = Math.max(...rows.map(({ value }) => value));
  const width = Math.max(...rows.map(({ name }) => name.length));
  return rows
    .map(({ name, value }) => {
      const bar = '█'.repeat(Math.max(1, Math.round((value / most) * BAR)));
      return `  ${name.padEnd(width)}  ${bar} ${tenth(value)} ${unit}`;
    })
    .join('\n');
}

/** CPU milliseconds that two cores have in a second: what Moodle's figures are bound by as well. */
const CPU_MS_A_SECOND = 2_000;

function timesMoodle(name: string, { perSecond, cpuMs }: LoadResult) {
  const their = moodle.pages.find((page) => page.name === name);
  return their && { their, requests: perSecond / their.perSecond, cpu: their.cpuMs / cpuMs };
}

export function pagesText(pages: readonly PageResult[]): string {
  const rows = pages.map(({ name, result }) => {
    const moodles = timesMoodle(name, result);
    return [
      name,
      tenth(result.perSecond),
      tenth(result.p50),
      tenth(result.p95),
      tenth(result.p99),
      tenth(result.cpuMs),
      result.ownMs.toFixed(2),
      whole(CPU_MS_A_SECOND / result.cpuMs),
      String(result.failures),
      percent(result.foreign),
      moodles ? `${tenth(moodles.their.perSecond)}/s ${moodles.their.cpuMs} ms` : '',
      moodles ? `× ${tenth(moodles.requests)}` : '',
      moodles ? `× ${tenth(moodles.cpu)}` : '',
    ];
  });
  const headings = [
    'signed in, 16 at once',
    'req/s',
    'p50 ms',
    'p95 ms',
    'p99 ms',
    'CPU-ms',
    'load’s own',
    '2 cores',
    'failed',
    'others',
    'Moodle',
    'by req/s',
    'by CPU',
  ];
  const judged = pages.map(({ name, result }) => {
    const moodles = timesMoodle(name, result);
    return `${name} ${verdict((moodles?.requests ?? 0) >= aims.timesMoodle)}`;
  });
  return [
    table(headings, rows),
    '',
    table(
      ['CPU-ms by process', ...Object.keys(pages[0]?.result.cpuBy ?? {})],
      pages.map(({ name, result }) => [name, ...Object.values(result.cpuBy).map((ms) => ms.toFixed(2))]),
    ),
    '',
    bars(
      pages.flatMap(({ name, result }) => [
        { name, value: result.perSecond },
        { name: '  Moodle', value: timesMoodle(name, result)?.their.perSecond ?? 0 },
      ]),
      'req/s',
    ),
    '',
    `  Aim: × ${aims.timesMoodle} Moodle’s requests: ${judged.join(' · ')}`,
    '  “2 cores”: requests a second if nothing but the platform ran on them. “others”: what other programs took.',
  ].join('\n');
}

export function weightText({ requests, bytes, byType }: Weight): string {
  const { coldCoursePage: their } = moodle;
  const kB = (value: number) => `${tenth(value / 1_000)} kB`;
  const rows = Object.entries(byType)
    .sort(([, one], [, other]) => other.bytes - one.bytes)
    .map(([type, sum]) => [type.toLowerCase(), String(sum.requests), kB(sum.bytes)]);
  return [
    table(
      ['cold course page', 'requests', 'on the wire'],
      [...rows, ['total', String(requests), kB(bytes)], ['Moodle', String(their.requests), kB(their.bytes)]],
    ),
    `  Aim: ≤ ${aims.coldBytes / 1_000} kB: ${verdict(bytes <= aims.coldBytes)}, ${tenth(their.bytes / bytes)} times less than Moodle`,
  ].join('\n');
}

export function memoryText({ idle, loaded, idleCpu }: NonNullable<Report['memory']>): string {
  const after = new Map(loaded.processes.map(({ name, mebibytes }) => [name, mebibytes]));
  const text = table(
    ['memory (PSS, MiB)', 'idle', 'after load'],
    [
      ...idle.processes.map(({ name, mebibytes }) => [name, tenth(mebibytes), tenth(after.get(name) ?? 0)]),
      ['whole platform', tenth(idle.total), tenth(loaded.total)],
    ],
  );
  return `${text}\n  CPU while nobody asks anything: ${whole(idleCpu)} ms a second, all processes together`;
}

export function provisioningText({ oneByOne, atOnce }: ProvisionResult): string {
  const row = (name: string, times: readonly number[]) => [
    name,
    String(times.length),
    ...[0.5, 0.95, 1].map((q) => `${(quantile(times, q) / 1_000).toFixed(2)} s`),
  ];
  return [
    table(
      ['paid → log-in page answers 200', 'companies', 'median', 'p95', 'longest'],
      [row('one after the other', oneByOne), row('all at once', atOnce)],
    ),
    `  Aim: ≤ ${aims.liveMs / 1_000} s: ${verdict(quantile(oneByOne, 0.95) <= aims.liveMs)} one by one (p95), ${verdict(quantile(atOnce, 0.95) <= aims.liveMs)} all at once (p95)`,
  ].join('\n');
}

/** Bars of one kind: ours, and what they are compared with. */
export interface Bars {
  name: string;
  /** Where it is another one than the picture's: groups of one unit share a scale. */
  unit?: string;
  bars: { label: string; value: number; ours: boolean }[];
}

/** Groups of bars as a picture (SVG), those of one unit on one scale. */
export function picture(title: string, unit: string, groups: readonly Bars[]): string {
  const mostOf = (wanted: string) =>
    Math.max(
      ...groups
        .filter((group) => (group.unit ?? unit) === wanted)
        .flatMap(({ bars: all }) => all.map(({ value }) => value)),
    );
  const width = 420;
  let y = 24;
  const parts = groups.map(({ name, unit: own = unit, bars: all }) => {
    const most = mostOf(own);
    const top = y;
    y += all.length * 22 + 24;
    const drawn = all.map(({ label, value, ours }, at) => {
      const length = Math.max(2, (value / most) * width);
      return `<rect x="8" y="${top + at * 22}" width="${length.toFixed(1)}" height="18" rx="3" fill="${ours ? '#006a4e' : '#8a8f98'}"/>
<text x="${(length + 16).toFixed(1)}" y="${top + at * 22 + 14}">${label} ${own === unit ? tenth(value) : value.toFixed(2)}${own}</text>`;
    });
    return `<text x="8" y="${top - 6}" font-weight="600">${name}</text>
${drawn.join('\n')}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="${y}" font-family="sans-serif" font-size="13" role="img" aria-label="${title}">
<rect width="100%" height="100%" fill="#fff"/>
${parts.join('\n')}
</svg>
`;
}

/** Requests a second beside Moodle's. */
export function pagesPicture(pages: readonly PageResult[]): string {
  return picture(
    'Requests a second, Préau and Moodle',
    '/s',
    pages.map(({ name, result }) => ({
      name,
      bars: [
        { label: 'Préau', value: result.perSecond, ours: true },
        { label: 'Moodle', value: timesMoodle(name, result)?.their.perSecond ?? 0, ours: false },
      ],
    })),
  );
}
