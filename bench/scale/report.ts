/** What a run of `bench:api` found, for the terminal. */
import { styleText } from 'node:util';
import { percent, picture, table, verdict } from '../report.ts';
import { genericPath } from './paths.ts';
import type { PathResult } from './run.ts';

export interface ScaleReport {
  at: string;
  node: string;
  sizes: { tenants: number; results: PathResult[]; memoryMiB: number }[];
}

/** What we want to reach (issue 3). */
export const aims = { hotShare: 0.5, genericShare: 0.15, p99Growth: 1.2, memoryMiB: 250 } as const;

const BAR = 30;

export function scaleText({ sizes }: ScaleReport): string {
  const parts = sizes.map(({ tenants, results, memoryMiB }) => {
    const rows = results.map(({ name, perSecond, cpuMs, foreign, open, bare, queries, accesses }) => {
      const loose = accesses.filter(({ bound }) => !bound);
      return [
        name,
        perSecond.toFixed(0),
        cpuMs.toFixed(2),
        open.p50.toFixed(1),
        open.p99.toFixed(1),
        String(open.failures),
        String(queries),
        loose.length === 0
          ? 'all'
          : loose.map(({ table: of, index }) => `${of} by ${index ?? 'reading it whole'}`).join(', '),
        `${(foreign * 100).toFixed(0)} %`,
        ...(bare
          ? [
              bare.perSecond.toFixed(0),
              percent(perSecond / bare.perSecond),
              bare.cpuMs.toFixed(2),
              percent(bare.cpuMs / cpuMs),
            ]
          : []),
      ];
    });
    const headings = [
      `${tenants} tenants`,
      'req/s',
      'CPU-ms',
      'p50 ms',
      'p99 ms',
      'failed',
      'queries',
      'by tenant',
      'others',
      ...(results[0]?.bare ? ['bare req/s', 'share', 'bare CPU-ms', 'by CPU'] : []),
    ];
    return `${table(headings, rows)}\n  Backend after load: ${memoryMiB.toFixed(0)} MiB (aim ≤ ${aims.memoryMiB}): ${verdict(memoryMiB <= aims.memoryMiB)}`;
  });
  return [...parts, shares(sizes), growth(sizes)].filter(Boolean).join('\n\n');
}

function shares(sizes: ScaleReport['sizes']): string {
  const measured = sizes.flatMap(({ results }) => results).filter(({ bare }) => bare);
  return measured
    .map(({ name, perSecond, bare }) => {
      const share = perSecond / (bare?.perSecond ?? Number.NaN);
      const aim = name === genericPath.name ? aims.genericShare : aims.hotShare;
      const bar = '█'.repeat(Math.max(1, Math.round(share * BAR)));
      return `  ${name.padEnd(16)} ${bar.padEnd(BAR)} ${(share * 100).toFixed(0).padStart(3)} % of bare (aim ${aim * 100} %): ${verdict(share >= aim)}`;
    })
    .join('\n');
}

/** How p99 at half load grows from the fewest tenants to the most. */
function growth(sizes: ScaleReport['sizes']): string {
  const [first, last] = [sizes[0], sizes.at(-1)];
  if (!first || !last || first === last) return '';
  const lines = first.results
    .filter(({ name }) => name !== genericPath.name)
    .map(({ name, open }) => {
      const other = last.results.find((result) => result.name === name);
      const ratio = (other?.open.p99 ?? Number.NaN) / open.p99;
      return `  ${name.padEnd(16)} × ${ratio.toFixed(2)} (aim ≤ ${aims.p99Growth}): ${verdict(ratio <= aims.p99Growth)}`;
    });
  return [styleText('dim', `  p99 with ${last.tenants} tenants against ${first.tenants}`), ...lines].join(
    '\n',
  );
}

/** Requests a second of each path at each size, beside the bare handler's. */
export function scalePicture({ sizes }: ScaleReport): string {
  const names = sizes[0]?.results.map(({ name }) => name) ?? [];
  return picture(
    'Requests a second behind the walls and without any',
    '/s',
    names.map((name) => {
      const found = sizes.flatMap(({ tenants, results }) =>
        results.filter((result) => result.name === name).map((result) => ({ tenants, ...result })),
      );
      const bare = found.find((result) => result.bare)?.bare;
      return {
        name,
        bars: [
          ...found.map(({ tenants, perSecond }) => ({
            label: `${tenants} tenants`,
            value: perSecond,
            ours: true,
          })),
          ...(bare ? [{ label: 'bare', value: bare.perSecond, ours: false }] : []),
        ],
      };
    }),
  );
}
