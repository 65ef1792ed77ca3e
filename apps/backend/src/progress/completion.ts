import { type ActivityType, DEFAULT_COMPLETION, type Rule } from './rule.ts';

/** The frozen shape of a course version, as far as rules are concerned. */
export interface Outline {
  completionRule: Rule | null;
  modules: OutlineModule[];
}
export interface OutlineModule {
  lineage: string;
  title: string;
  availabilityRule: Rule | null;
  activities: OutlineActivity[];
}
export interface OutlineActivity {
  lineage: string;
  title: string;
  type: ActivityType;
  optional: boolean;
  completionRule: Rule | null;
  availabilityRule: Rule | null;
}

/** What a learner did in one activity. No entry means: never opened. */
export interface Facts {
  viewed: boolean;
  markedDone: boolean;
  /** Completion once recorded is never taken back. */
  completed: boolean;
  passed: boolean;
  /** Counting score in percent, 0–100; null when nothing was submitted. */
  scorePercent: number | null;
}

/** Why something is locked or not yet complete, and who can change that. */
export type Reason =
  | { kind: 'view' | 'markDone' | 'pass'; who: 'learner'; activity: string; title: string }
  | { kind: 'score'; who: 'learner'; activity: string; title: string; minScore: number }
  | { kind: 'activity'; who: 'learner'; activity: string; title: string; type: ActivityType }
  | { kind: 'module'; who: 'learner'; module: string; title: string }
  | { kind: 'date'; who: 'time'; after: string }
  | { kind: 'anyOf'; who: 'learner' | 'time' | 'trainer'; reasons: Reason[] }
  /** The rule speaks of something that does not exist: only the author can repair it. */
  | { kind: 'broken'; who: 'trainer'; reference: string };

export interface ActivityState {
  completed: boolean;
  available: boolean;
  /** Why it is locked; empty when available. */
  locked: Reason[];
  /** What is left to do to complete it; empty when completed. */
  todo: Reason[];
}
export interface ModuleState {
  completed: boolean;
  available: boolean;
  locked: Reason[];
  /** Required activities completed, and their number. */
  done: number;
  required: number;
}
export interface Evaluation {
  activities: Map<string, ActivityState>;
  modules: Map<string, ModuleState>;
  course: { completed: boolean; percent: number; todo: Reason[] };
  /** Lineage of the first available activity not yet completed, required ones first. */
  next: string | null;
}

const NOTHING: Facts = {
  viewed: false,
  markedDone: false,
  completed: false,
  passed: false,
  scorePercent: null,
};

interface Verdict {
  met: boolean;
  reasons: Reason[];
}
const MET: Verdict = { met: true, reasons: [] };
const unmet = (...reasons: Reason[]): Verdict => ({ met: false, reasons });

/**
 * Says for one learner what is open, what is done and what is next. Pure: the same outline, facts and moment
 * always give the same answer.
 *
 * Completion of an activity needs it to be available, and availability needs others to be complete, so the
 * answer is the least fixed point: start from what is recorded and add what follows until nothing changes.
 * Every rule is monotone (there is no « not »), hence the order of evaluation does not matter.
 */
export function evaluate(outline: Outline, facts: ReadonlyMap<string, Facts>, now: Date): Evaluation {
  const course = new Course(outline, facts, now);
  course.settle();
  return course.describe();
}

/**
 * Activities that no learner could ever reach or complete, however well they do and however long they wait:
 * a rule in a circle, or one that speaks of what does not exist. Asked before a version is published.
 */
export function unreachable(outline: Outline): string[] {
  const perfect: Facts = {
    viewed: true,
    markedDone: true,
    completed: false,
    passed: true,
    scorePercent: 100,
  };
  const facts = new Map(
    outline.modules.flatMap((module) =>
      module.activities.map((activity): [string, Facts] => [
        activity.lineage,
        activity.type === 'quiz' ? perfect : { ...perfect, passed: false, scorePercent: null },
      ]),
    ),
  );
  const course = new Course(outline, facts, new Date(8.64e15));
  course.settle();
  return [...course.describe().activities]
    .filter(([, state]) => !state.completed)
    .map(([lineage]) => lineage);
}

class Course {
  readonly #outline: Outline;
  readonly #facts: ReadonlyMap<string, Facts>;
  readonly #now: Date;
  readonly #activities = new Map<string, { activity: OutlineActivity; module: OutlineModule }>();
  readonly #modules = new Map<string, OutlineModule>();
  readonly #completed = new Set<string>();

  constructor(outline: Outline, facts: ReadonlyMap<string, Facts>, now: Date) {
    this.#outline = outline;
    this.#facts = facts;
    this.#now = now;
    for (const module of outline.modules) {
      this.#modules.set(module.lineage, module);
      for (const activity of module.activities) {
        this.#activities.set(activity.lineage, { activity, module });
        if (this.#factsOf(activity.lineage).completed) this.#completed.add(activity.lineage);
      }
    }
  }

  settle(): void {
    for (let changed = true; changed; ) {
      changed = false;
      for (const [lineage, { activity, module }] of this.#activities) {
        if (this.#completed.has(lineage)) continue;
        if (!this.#completion(activity).met || !this.#availability(activity, module).met) continue;
        this.#completed.add(lineage);
        changed = true;
      }
    }
  }

  describe(): Evaluation {
    const activities = new Map<string, ActivityState>();
    for (const [lineage, { activity, module }] of this.#activities) {
      const completed = this.#completed.has(lineage);
      // What was completed stays open for review, even where a rule would lock it today.
      const availability = completed ? MET : this.#availability(activity, module);
      activities.set(lineage, {
        completed,
        available: availability.met,
        locked: availability.reasons,
        todo: completed ? [] : this.#completion(activity).reasons,
      });
    }
    const modules = new Map<string, ModuleState>();
    for (const module of this.#outline.modules) {
      const required = module.activities.filter((activity) => !activity.optional);
      const availability = this.#rule(module.availabilityRule, null);
      modules.set(module.lineage, {
        completed: this.#moduleCompleted(module),
        available: availability.met,
        locked: availability.reasons,
        done: required.filter((activity) => this.#completed.has(activity.lineage)).length,
        required: required.length,
      });
    }
    return { activities, modules, course: this.#course(), next: this.#next(activities) };
  }

  #course(): Evaluation['course'] {
    const required = [...this.#activities.values()].filter(({ activity }) => !activity.optional);
    const done = required.filter(({ activity }) => this.#completed.has(activity.lineage)).length;
    const verdict = this.#outline.completionRule
      ? this.#rule(this.#outline.completionRule, null)
      : this.#all(required.map(({ activity }) => this.#activityCompleted(activity.lineage)));
    // A course that asks for nothing is not a course one can finish: an empty draft must not give certificates.
    const completed = verdict.met && (required.length > 0 || this.#outline.completionRule !== null);
    const share = required.length === 0 ? 0 : Math.floor((100 * done) / required.length);
    return { completed, percent: completed ? 100 : share, todo: verdict.reasons };
  }

  #next(activities: ReadonlyMap<string, ActivityState>): string | null {
    const open = [...this.#activities.values()].filter(({ activity }) => {
      const state = activities.get(activity.lineage);
      return state?.available && !state.completed;
    });
    const first = open.find(({ activity }) => !activity.optional) ?? open[0];
    return first?.activity.lineage ?? null;
  }

  #factsOf(lineage: string): Facts {
    return this.#facts.get(lineage) ?? NOTHING;
  }

  #completion(activity: OutlineActivity): Verdict {
    return this.#rule(activity.completionRule ?? DEFAULT_COMPLETION[activity.type], activity);
  }

  #availability(activity: OutlineActivity, module: OutlineModule): Verdict {
    return this.#all([
      this.#rule(module.availabilityRule, null),
      this.#rule(activity.availabilityRule, null),
    ]);
  }

  #moduleCompleted(module: OutlineModule): boolean {
    return module.activities.every((activity) => activity.optional || this.#completed.has(activity.lineage));
  }

  #activityCompleted(lineage: string): Verdict {
    const found = this.#activities.get(lineage);
    if (!found) return unmet({ kind: 'broken', who: 'trainer', reference: lineage });
    if (this.#completed.has(lineage)) return MET;
    const { title, type } = found.activity;
    return unmet({ kind: 'activity', who: 'learner', activity: lineage, title, type });
  }

  #all(verdicts: Verdict[]): Verdict {
    return { met: verdicts.every(({ met }) => met), reasons: verdicts.flatMap(({ reasons }) => reasons) };
  }

  #any(verdicts: Verdict[]): Verdict {
    if (verdicts.some(({ met }) => met)) return MET;
    if (verdicts.length === 0) return unmet({ kind: 'broken', who: 'trainer', reference: 'any' });
    const reasons = verdicts.flatMap((verdict) => verdict.reasons);
    if (reasons.length < 2) return { met: false, reasons };
    const who = (['learner', 'time', 'trainer'] as const).find((one) =>
      reasons.some((reason) => reason.who === one),
    );
    return unmet({ kind: 'anyOf', who: who ?? 'trainer', reasons });
  }

  /** `subject` is the activity that « viewed », « passed » and the like speak of; null outside of one. */
  #rule(rule: Rule | null, subject: OutlineActivity | null): Verdict {
    if (rule === null) return MET;
    if ('all' in rule) return this.#all(rule.all.map((part) => this.#rule(part, subject)));
    if ('any' in rule) return this.#any(rule.any.map((part) => this.#rule(part, subject)));
    if ('activityCompleted' in rule) return this.#activityCompleted(rule.activityCompleted);
    if ('moduleCompleted' in rule) {
      const module = this.#modules.get(rule.moduleCompleted);
      if (!module) return unmet({ kind: 'broken', who: 'trainer', reference: rule.moduleCompleted });
      if (this.#moduleCompleted(module)) return MET;
      return unmet({ kind: 'module', who: 'learner', module: module.lineage, title: module.title });
    }
    if ('after' in rule) {
      const opens = Date.parse(rule.after);
      if (Number.isNaN(opens)) return unmet({ kind: 'broken', who: 'trainer', reference: rule.after });
      return this.#now.getTime() >= opens ? MET : unmet({ kind: 'date', who: 'time', after: rule.after });
    }
    if (!subject) return unmet({ kind: 'broken', who: 'trainer', reference: Object.keys(rule).join() });
    const facts = this.#factsOf(subject.lineage);
    const about = { who: 'learner', activity: subject.lineage, title: subject.title } as const;
    if ('viewed' in rule) return facts.viewed ? MET : unmet({ kind: 'view', ...about });
    if ('markedDone' in rule) return facts.markedDone ? MET : unmet({ kind: 'markDone', ...about });
    if ('quizPassed' in rule) return facts.passed ? MET : unmet({ kind: 'pass', ...about });
    const met = facts.scorePercent !== null && facts.scorePercent >= rule.minScore;
    return met ? MET : unmet({ kind: 'score', ...about, minScore: rule.minScore });
  }
}
