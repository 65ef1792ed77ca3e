/** One run of the bench: starts a platform of its own, measures, reports, cleans up. */
import { writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal, step } from '../tools/terminal.ts';
import { enrolLearners, type Learner } from './learners.ts';
import { measureMemory } from './memory.ts';
import { benchPages } from './pages.ts';
import { benchProvisioning } from './provision.ts';
import { memoryText, pagesPicture, pagesText, provisioningText, type Report, weightText } from './report.ts';
import { startSite } from './site.ts';
import { benchWeight } from './weight.ts';

const sections = ['pages', 'weight', 'memory', 'provisioning'] as const;
type Section = (typeof sections)[number];

const LEARNERS = 50;
const COMPANIES = 20;
const LOAD = { clients: 16, seconds: 4, rounds: 3, warmUpSeconds: 8 };
/** For what was started to come to rest before its memory is taken. */
const REST_MS = 3_000;

export function readSections(names: readonly string[]): readonly Section[] {
  if (names.length === 0) return sections;
  return names.map(
    (name) =>
      sections.find((section) => section === name) ??
      refuse(`Unknown part “${name}”. Known: ${sections.join(', ')}.`),
  );
}

function refuse(message: string): never {
  throw new Refusal(message);
}

/** Measures the given parts; writes bench/last.json and, where pages were measured, bench/last.svg. */
export async function run(wanted: readonly Section[]): Promise<void> {
  if (process.platform !== 'linux') refuse('The bench reads CPU and memory from /proc: run it on Linux.');
  const report: Report = {
    at: new Date().toISOString(),
    machine: {
      cpus: cpus().length,
      model: cpus()[0]?.model ?? 'unknown',
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      node: process.version,
      loadAverage: loadavg()[0] ?? 0,
    },
  };
  const site = await startSite();
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= site.stop();
    return stopping;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void stop().then(() => process.exit(130)));
  }
  try {
    const print = (text: string) => console.log(`\n${text}\n`);
    const measures = (section: Section) => wanted.includes(section);
    let learners: Learner[] = [];
    if (wanted.some((section) => section !== 'provisioning')) {
      learners = await step(`${LEARNERS} learners register and enrol`, () => enrolLearners(site, LEARNERS));
    }
    const [first] = learners;
    await sleep(REST_MS);
    const idle = measureMemory(site);
    const before = site.usage();
    await sleep(REST_MS);
    const idleCpu = (site.usage().measured - before.measured) / (REST_MS / 1_000);
    if (measures('pages')) {
      report.pages = await step('Pages under load', () => benchPages(site, learners, LOAD));
      print(pagesText(report.pages));
    }
    if (measures('memory')) {
      await sleep(REST_MS);
      report.memory = { idle, loaded: measureMemory(site), idleCpu };
      print(memoryText(report.memory));
    }
    if (measures('weight') && first) {
      report.weight = await step('A cold course page in Chromium', () => benchWeight(site, first));
      print(weightText(report.weight));
    }
    if (measures('provisioning')) {
      report.provisioning = await step(`${COMPANIES} companies pay`, (say) =>
        benchProvisioning(site, COMPANIES, say),
      );
      print(provisioningText(report.provisioning));
    }
    writeFileSync(join(import.meta.dirname, 'last.json'), `${JSON.stringify(report, null, 2)}\n`);
    if (report.pages) {
      writeFileSync(join(import.meta.dirname, 'last.svg'), pagesPicture(report.pages));
    }
  } finally {
    await stop();
  }
}
