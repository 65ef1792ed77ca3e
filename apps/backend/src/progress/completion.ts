import type { AvailabilityRule, CompletionRule } from '@preau/contract/tenant/content';

/** The frozen shape of a course version, as far as rules are concerned. */
export interface Outline {
  modules: readonly OutlineModule[];
}
export interface OutlineModule {
  lineage: string;
  title: string;
  activities: readonly OutlineActivity[];
}
export interface OutlineActivity {
  lineage: string;
  title: string;
  type: 'lesson' | 'quiz' | 'package';
  completion: CompletionRule;
  availability: AvailabilityRule;
}

/** What a learner did in one activity. No entry means: never opened. */
export interface Facts {
  viewed: boolean;
  marked: boolean;
  /** Completion once recorded is never taken back. */
  completed: boolean;
  submitted: boolean;
  passed: boolean;
  /** Best score in percent, 0–100; null when nothing was submitted. */
  bestPercent: number | null;
}

/** Why something is locked, and who can change that. */
export type Reason =
  | { kind: 'activity'; who: 'learner'; lineage: string; title: string }
  | { kind: 'score'; who: 'learner'; lineage: string; title: string; percent: number }
  | { kind: 'module'; who: 'learner'; lineage: string; title: string }
  | { kind: 'date'; who: 'time'; at: string }
  | { kind: 'any'; who: 'learner' | 'time' | 'author'; reasons: Reason[] }
  /** The rule speaks of something that does not exist: only the author can repair it. */
  | { kind: 'broken'; who: 'author'; reference: string };

export interface ActivityState {
  completed: boolean;
  available: boolean;
  /** Why it is locked; empty when available. */
  reasons: Reason[];
}
export interface Evaluation {
  activities: Map<string, ActivityState>;
  /** Lineages of the modules whose every activity is completed. */
  modules: Set<string>;
  course: { completed: boolean; percent: number };
  /** Lineage of the first activity that is open and not completed. */
  next: string | null;
}

const NOTHING: Facts = {
  viewed: false,
  marked: false,
  completed: false,
  submitted: false,
  passed: false,
  bestPercent: null,
};
const READ_LESSON: Facts = { ...NOTHING, viewed: true, marked: true };
const PERFECT_QUIZ: Facts = { ...READ_LESSON, submitted: true, passed: true, bestPercent: 100 };
const END_OF_TIME = new Date(8.64e15);

/**
 * Says for one learner what is open, what is done and what is next. Pure: the same outline, facts and moment
 * always give the same answer.
 *
 * Completion of an activity needs it to be available, and availability needs others to be complete, so the
 * answer is the least fixed point: start from what is recorded and add what follows until nothing changes.
 * Every rule is monotone (there is no « not »), hence the order of evaluation does not matter.
 */
export function evaluate(outline: Outline, facts: ReadonlyMap<string, Facts>, now: Date): Evaluation {
  return new Learner(outline, facts, now).describe();
}

/**
 * Lineages of the activities that no learner could ever complete, however well they do and however long they
 * wait: a rule in a circle, or one that speaks of what does not exist. Asked before a version is published.
 */
export function unreachable(outline: Outline): string[] {
  const activities = outline.modules.flatMap((module) => module.activities);
  const facts = new Map<string, Facts>();
  for (;;) {
    const states = evaluate(outline, facts, END_OF_TIME).activities;
    const opened = activities.filter(({ lineage }) => states.get(lineage)?.available && !facts.has(lineage));
    if (opened.length === 0) {
      return activities.map(({ lineage }) => lineage).filter((lineage) => !states.get(lineage)?.completed);
    }
    for (const { lineage, type } of opened) facts.set(lineage, type === 'quiz' ? PERFECT_QUIZ : READ_LESSON);
  }
}

interface Place {
  activity: OutlineActivity;
  /** The activity before it in the course, over the borders of modules. */
  previous: string | null;
}

class Learner {
  readonly #outline: Outline;
  readonly #facts: ReadonlyMap<string, Facts>;
  readonly #now: Date;
  readonly #places = new Map<string, Place>();
  readonly #completed = new Set<string>();

  constructor(outline: Outline, facts: ReadonlyMap<string, Facts>, now: Date) {
    this.#outline = outline;
    this.#facts = facts;
    this.#now = now;
    let previous: string | null = null;
    for (const activity of outline.modules.flatMap(({ activities }) => activities)) {
      this.#places.set(activity.lineage, { activity, previous });
      if (this.#of(activity.lineage).completed) this.#completed.add(activity.lineage);
      previous = activity.lineage;
    }
    this.#settle();
  }

  describe(): Evaluation {
    const activities = new Map<string, ActivityState>();
    let next: string | null = null;
    for (const [lineage, place] of this.#places) {
      const completed = this.#completed.has(lineage);
      // What was completed stays open for review, even where a rule would lock it today.
      const reasons = completed ? [] : this.#lock(place.activity.availability, place);
      const available = reasons.length === 0;
      activities.set(lineage, { completed, available, reasons });
      if (available && !completed) next ??= lineage;
    }
    const total = this.#places.size;
    const done = this.#completed.size;
    return {
      activities,
      modules: new Set(
        this.#outline.modules.filter((one) => this.#moduleCompleted(one)).map((one) => one.lineage),
      ),
      // A course that asks for nothing cannot be finished: an empty one must not give certificates.
      course: {
        completed: total > 0 && done === total,
        percent: total === 0 ? 0 : Math.floor((100 * done) / total),
      },
      next,
    };
  }

  #settle(): void {
    for (let changed = true; changed; ) {
      changed = false;
      for (const [lineage, place] of this.#places) {
        if (this.#completed.has(lineage) || !this.#met(place.activity)) continue;
        if (this.#lock(place.activity.availability, place).length > 0) continue;
        this.#completed.add(lineage);
        changed = true;
      }
    }
  }

  #of(lineage: string): Facts {
    return this.#facts.get(lineage) ?? NOTHING;
  }

  #met({ lineage, completion }: OutlineActivity): boolean {
    const facts = this.#of(lineage);
    switch (completion.kind) {
      case 'viewed':
        return facts.viewed;
      case 'marked':
        return facts.marked;
      case 'submitted':
        return facts.submitted;
      case 'passed':
        return facts.passed;
    }
  }

  #moduleCompleted(module: OutlineModule): boolean {
    return module.activities.every(({ lineage }) => this.#completed.has(lineage));
  }

  /** The reasons why a rule does not hold yet; none means that it holds. */
  #lock(rule: AvailabilityRule, place: Place): Reason[] {
    switch (rule.kind) {
      case 'always':
        return [];
      case 'previous':
        return place.previous === null
          ? []
          : this.#lock({ kind: 'completed', lineage: place.previous }, place);
      case 'completed': {
        const found = this.#places.get(rule.lineage);
        if (!found) return broken(rule.lineage);
        if (this.#completed.has(rule.lineage)) return [];
        return [{ kind: 'activity', who: 'learner', lineage: rule.lineage, title: found.activity.title }];
      }
      case 'score': {
        const found = this.#places.get(rule.lineage);
        if (found?.activity.type !== 'quiz') return broken(rule.lineage);
        const { bestPercent } = this.#of(rule.lineage);
        if (bestPercent !== null && bestPercent >= rule.percent) return [];
        const { title, lineage } = found.activity;
        return [{ kind: 'score', who: 'learner', lineage, title, percent: rule.percent }];
      }
      case 'moduleCompleted': {
        const found = this.#outline.modules.find((module) => module.lineage === rule.lineage);
        if (!found) return broken(rule.lineage);
        if (this.#moduleCompleted(found)) return [];
        return [{ kind: 'module', who: 'learner', lineage: found.lineage, title: found.title }];
      }
      case 'after': {
        const opens = Date.parse(rule.at);
        if (Number.isNaN(opens)) return broken(rule.at);
        return this.#now.getTime() >= opens ? [] : [{ kind: 'date', who: 'time', at: rule.at }];
      }
      case 'all':
        return rule.rules.flatMap((part) => this.#lock(part, place));
      case 'any': {
        if (rule.rules.length === 0) return broken('any');
        const parts = rule.rules.map((part) => this.#lock(part, place));
        if (parts.some((reasons) => reasons.length === 0)) return [];
        const reasons = parts.flat();
        if (reasons.length === 1) return reasons;
        const who = (['learner', 'time'] as const).find((one) =>
          reasons.some((reason) => reason.who === one),
        );
        return [{ kind: 'any', who: who ?? 'author', reasons }];
      }
    }
  }
}

function broken(reference: string): Reason[] {
  return [{ kind: 'broken', who: 'author', reference }];
}
