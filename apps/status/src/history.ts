import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

export const componentName = z.enum(['site', 'api', 'platforms']);
export type ComponentName = z.infer<typeof componentName>;
/** What one look at a component found. */
export type Finding = 'good' | 'slow' | 'bad';

export const DAYS_KEPT = 90;
const DAY_MS = 86_400_000;
/** One failure may be the network's; two in a row are told. As many good ones end it. */
const TELLING = 2;
const OUTAGES_KEPT = 500;

const day = z.object({
  day: z.iso.date(),
  good: z.int(),
  slow: z.int(),
  bad: z.int(),
});
export type Day = z.infer<typeof day>;

const component = z.object({
  state: z.enum(['good', 'slow', 'bad', 'unknown']),
  checkedAt: z.iso.datetime().nullable(),
  /** Findings that contradict the state, in a row, and when they began. */
  against: z.int(),
  since: z.iso.datetime().nullable(),
  days: z.array(day),
});
export type Component = z.infer<typeof component>;

const outage = z.object({
  id: z.string(),
  component: componentName,
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
});
export type Outage = z.infer<typeof outage>;

const stored = z.object({
  version: z.literal(1),
  components: z.partialRecord(componentName, component),
  /** Newest first. */
  outages: z.array(outage),
});
type Stored = z.infer<typeof stored>;

/** What was found in 90 days, in memory and in one file that is replaced whole. */
export class History {
  readonly #file: string;
  #data: Stored;
  #saving: Promise<void> = Promise.resolve();

  /** A file that cannot be read is set aside: the page must come up, and nothing is thrown away. */
  constructor(dataDir: string, told: (line: string) => void = () => undefined) {
    const folder = join(dataDir, 'status');
    mkdirSync(folder, { recursive: true });
    this.#file = join(folder, 'history.json');
    this.#data = { version: 1, components: {}, outages: [] };
    if (!existsSync(this.#file)) return;
    const read = stored.safeParse(parsed(readFileSync(this.#file, 'utf8')));
    if (read.success) this.#data = read.data;
    else {
      renameSync(this.#file, `${this.#file}.unreadable`);
      told(`${this.#file} could not be read and was set aside`);
    }
  }

  component(name: ComponentName): Component {
    return (
      this.#data.components[name] ?? { state: 'unknown', checkedAt: null, against: 0, since: null, days: [] }
    );
  }

  get outages(): readonly Outage[] {
    return this.#data.outages;
  }

  /** The last `DAYS_KEPT` days of a component, oldest first; undefined where nobody looked. */
  days(name: ComponentName, now: number): { day: string; found: Day | undefined }[] {
    const known = new Map(this.component(name).days.map((each) => [each.day, each]));
    return Array.from({ length: DAYS_KEPT }, (_, index) => {
      const name = isoDay(now - (DAYS_KEPT - 1 - index) * DAY_MS);
      return { day: name, found: known.get(name) };
    });
  }

  note(name: ComponentName, finding: Finding, now: number): void {
    const at = new Date(now).toISOString();
    const before = this.component(name);
    const today = isoDay(now);
    const oldest = isoDay(now - (DAYS_KEPT - 1) * DAY_MS);
    const last = before.days.at(-1);
    const counted = last?.day === today ? last : { day: today, good: 0, slow: 0, bad: 0 };
    const days = [
      ...before.days.filter((each) => each.day >= oldest && each.day !== today),
      { ...counted, [finding]: counted[finding] + 1 },
    ];
    const failing = before.state === 'bad';
    const contradicts = (finding === 'bad') !== failing;
    const against = contradicts ? before.against + 1 : 0;
    const since = contradicts ? (before.since ?? at) : null;
    const turns = against >= TELLING || (before.state === 'unknown' && finding !== 'bad');
    if (turns && finding === 'bad') {
      const startedAt = since ?? at;
      this.#data.outages.unshift({ id: `${name}-${startedAt}`, component: name, startedAt, endedAt: null });
    } else if (turns && failing) {
      const open = this.#data.outages.find((each) => each.component === name && each.endedAt === null);
      if (open) open.endedAt = since ?? at;
    }
    // Between the first failure and the second nothing is told.
    const state = turns || !contradicts ? finding : before.state;
    this.#data.components[name] = {
      state,
      checkedAt: at,
      against: turns ? 0 : against,
      since: turns ? null : since,
      days,
    };
    this.#data.outages = this.#data.outages
      .filter(({ endedAt }) => endedAt === null || endedAt.slice(0, 10) >= oldest)
      .slice(0, OUTAGES_KEPT);
  }

  /** Writes the file; saves that come meanwhile wait for their turn. */
  save(): Promise<void> {
    this.#saving = this.#saving.catch(() => undefined).then(() => this.#write());
    return this.#saving;
  }

  async #write(): Promise<void> {
    const draft = `${this.#file}.new`;
    const handle = await open(draft, 'w', 0o600);
    try {
      await handle.writeFile(JSON.stringify(this.#data));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, this.#file);
  }
}

export const isoDay = (instant: number): string => new Date(instant).toISOString().slice(0, 10);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
