/** What a run found, as tables and bars for the terminal and as a picture. */
import { styleText } from 'node:util';
import type { Comparison } from './api.ts';
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
  api?: Comparison[];
  provisioning?: ProvisionResult;
}

const whole = (value: number) => value.toFixed(0);
const tenth = (value: number) => value.toFixed(1);
const percent = (share: number) => `${whole(share * 100)} %`;

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

export function apiText(comparisons: readonly Comparison[]): string {
  return table(
    [
      'API against bare pg',
      'API req/s',
      'bare req/s',
      'share',
      'API p99 ms',
      'bare p99 ms',
      'API CPU-ms',
      'bare CPU-ms',
      'failed',
    ],
    comparisons.map(({ name, api, bare, share }) => [
      name,
      whole(api.perSecond),
      whole(bare.perSecond),
      percent(share),
      tenth(api.p99),
      tenth(bare.p99),
      api.cpuMs.toFixed(2),
      bare.cpuMs.toFixed(2),
      String(api.failures + bare.failures),
    ]),
  );
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

/** Requests a second beside Moodle's, as a picture (SVG). */
export function pagesPicture(pages: readonly PageResult[]): string {
  const most = Math.max(...pages.map(({ result }) => result.perSecond));
  const width = 420;
  const parts = pages.map(({ name, result }, index) => {
    const their = timesMoodle(name, result)?.their.perSecond ?? 0;
    const y = 24 + index * 68;
    const bar = (value: number, offset: number, colour: string, label: string) => {
      const length = Math.max(2, (value / most) * width);
      return `<rect x="8" y="${y + offset}" width="${length.toFixed(1)}" height="18" rx="3" fill="${colour}"/>
<text x="${(length + 16).toFixed(1)}" y="${y + offset + 14}">${label} ${tenth(value)}/s</text>`;
    };
    return `<text x="8" y="${y - 6}" font-weight="600">${name}</text>
${bar(result.perSecond, 0, '#006a4e', 'Préau')}
${bar(their, 22, '#8a8f98', 'Moodle')}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="${24 + pages.length * 68}" font-family="sans-serif" font-size="13" role="img" aria-label="Requests a second, Préau and Moodle">
<rect width="100%" height="100%" fill="#fff"/>
${parts.join('\n')}
</svg>
`;
}
