/** What is done of a whole run, kept between runs of the same sources. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { defaultDataDir, root } from '../tools/paths.ts';
import type { Report } from './attack.ts';

const mapOf = <T extends z.ZodType>(value: T) =>
  z.record(z.string(), value).transform((entries) => new Map(Object.entries(entries)));
const tallies = mapOf(z.object({ probes: z.int(), past: z.int() }));
const kept = z.object({
  probes: z.int(),
  seconds: z.number(),
  operations: tallies,
  identities: tallies,
  ways: tallies,
  unreached: mapOf(z.string()),
  findings: z.array(
    z.object({
      kind: z.enum(['leak', 'change', 'tells', 'believed', 'fetched', 'fault', 'time']),
      operation: z.string(),
      identity: z.string(),
      way: z.string(),
      detail: z.string(),
      curl: z.string(),
    }),
  ),
});

export interface Ledger {
  has(share: number): boolean;
  keep(share: number, report: Report): Report;
  all(): Report[];
}

/** @param name of the run: shares of another one are not taken for its own */
export function openLedger(name: string): Ledger {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, maxBuffer: 2 ** 28 });
  const sources = createHash('sha256')
    .update(name)
    .update(git('rev-parse', 'HEAD'))
    .update(git('diff', 'HEAD'))
    .digest('hex')
    .slice(0, 16);
  const folder = join(defaultDataDir(), 'attack', sources);
  mkdirSync(folder, { recursive: true });
  const done = new Map<number, Report>();
  for (const file of readdirSync(folder))
    done.set(Number.parseInt(file, 10), kept.parse(JSON.parse(readFileSync(join(folder, file), 'utf8'))));
  return {
    has: (share) => done.has(share),
    keep(share, report) {
      const text = JSON.stringify(report, (_, value) =>
        value instanceof Map ? Object.fromEntries(value) : value,
      );
      writeFileSync(join(folder, `${share}.json`), text);
      done.set(share, report);
      return report;
    },
    all: () => [...done.values()],
  };
}
