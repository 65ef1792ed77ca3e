import type { LockReason, OutlineActivity, OutlineModule } from '@preau/contract/tenant/learning';
import { type Evaluation, evaluate, type Facts, type Reason } from '../progress/completion.ts';
import { activitiesOf, type Version, type VersionActivity } from './version.ts';

/** Somebody's enrolment in a course, with what was done in it. */
export interface Enrolment {
  id: string;
  versionId: string;
  state: 'active' | 'completed' | 'suspended';
  expired: boolean;
  percent: number;
  enrolledAt: string;
  completedAt: string | null;
  dueAt: string | null;
  code: string | null;
  /** Another one after every write to the enrolment's row: what a compare-and-swap compares. */
  revision: string;
  /** By activity id. */
  progress: Record<string, ProgressRow>;
}
export interface ProgressRow {
  state: 'started' | 'completed';
  marked: boolean;
  position: number;
  attempts: number;
  granted: number;
  best: number | null;
  passed: boolean;
}

/** Progress as `PROGRESS` reads it: PostgreSQL writes lists in two thirds of the time that objects take it. */
export type StoredProgress = [
  activityId: string,
  state: ProgressRow['state'],
  marked: boolean,
  position: number,
  attempts: number,
  granted: number,
  best: number | null,
  passed: boolean,
][];
export type StoredEnrolment = Omit<Enrolment, 'progress'> & { progress: StoredProgress | null };

export function readProgress(stored: StoredProgress | null): Enrolment['progress'] {
  const progress: Enrolment['progress'] = {};
  for (const [activityId, state, marked, position, attempts, granted, best, passed] of stored ?? [])
    progress[activityId] = { state, marked, position, attempts, granted, best, passed };
  return progress;
}
export function readEnrolment(stored: StoredEnrolment): Enrolment;
export function readEnrolment(stored: StoredEnrolment | null): Enrolment | null;
export function readEnrolment(stored: StoredEnrolment | null): Enrolment | null {
  return stored && { ...stored, progress: readProgress(stored.progress) };
}

/** SQL: the progress of enrolment `e`, as JSON for `readProgress`. */
export const PROGRESS = `(
  SELECT json_agg(json_build_array(p.activity_id, p.state, p.marked_done, p.position, p.attempts,
    p.granted_attempts, p.best_percent, p.passed))
  FROM progress p WHERE p.enrolment_id = e.id
)`;

/**
 * SQL: the newest enrolment of user `$1` in the course `c.id`, with all its progress, as one JSON value
 * for `readEnrolment`. A learner's whole situation in a course comes with a single statement this way.
 */
export const ENROLMENT = `(
  SELECT json_build_object(
    'id', e.id, 'versionId', e.course_version_id, 'state', e.state,
    'expired', coalesce(e.access_until < now(), false), 'percent', e.percent,
    'enrolledAt', e.enrolled_at, 'completedAt', e.completed_at, 'dueAt', e.due_at,
    'code', (SELECT k.code FROM credentials k WHERE k.enrolment_id = e.id AND k.revoked_at IS NULL),
    'revision', e.xmin::text, 'progress', ${PROGRESS})
  FROM enrolments e WHERE e.user_id = $1 AND e.course_id = c.id ORDER BY e.cycle DESC LIMIT 1
)`;

export type EnrolmentState = 'active' | 'completed' | 'suspended' | 'expired';

/** What the enrolment is today: access that has run out closes what is not completed. */
export function stateOf(enrolment: Pick<Enrolment, 'state' | 'expired'>): EnrolmentState {
  return enrolment.state === 'active' && enrolment.expired ? 'expired' : enrolment.state;
}

/** Whether the enrolment opens the course's contents. */
export function isRunning(enrolment: Pick<Enrolment, 'state' | 'expired'>): boolean {
  const state = stateOf(enrolment);
  return state === 'active' || state === 'completed';
}

/** The completion engine's answer for one enrolment in its version. */
export function evaluateEnrolment(version: Version, progress: Enrolment['progress'], now: Date): Evaluation {
  const facts = new Map<string, Facts>();
  for (const activity of activitiesOf(version)) {
    const row = progress[activity.id];
    if (!row) continue;
    facts.set(activity.lineage, {
      viewed: row.marked,
      marked: row.marked,
      completed: row.state === 'completed',
      submitted: row.attempts > 0,
      passed: row.passed,
      bestPercent: row.best,
    });
  }
  return evaluate(version, facts, now);
}

/** Who looks at an outline: a learner with progress, an author who sees everything, or somebody outside. */
export type Onlooker =
  | { kind: 'learner'; evaluation: Evaluation; progress: Enrolment['progress'] }
  | { kind: 'author' }
  | { kind: 'outsider' };

const NOT_ENROLLED: LockReason = {
  kind: 'enrolment',
  title: null,
  activityId: null,
  percent: null,
  at: null,
};

/** The outline as the API shows it. */
export function presentOutline(version: Version, onlooker: Onlooker): OutlineModule[] {
  const idOf = new Map(activitiesOf(version).map((activity) => [activity.lineage, activity.id]));
  return version.modules.map((module) => ({
    id: module.id,
    title: module.title,
    summary: module.summary,
    completed: onlooker.kind === 'learner' && onlooker.evaluation.modules.has(module.lineage),
    activities: module.activities.map((activity) => presentActivity(activity, onlooker, idOf)),
  }));
}

function presentActivity(
  activity: VersionActivity,
  onlooker: Onlooker,
  idOf: ReadonlyMap<string, string>,
): OutlineActivity {
  const { id, lineage, type, title, minutes } = activity;
  const shown = { id, lineage, type, title, minutes };
  if (onlooker.kind === 'author') return { ...shown, state: 'open', locks: [], lockMode: 'all' };
  if (onlooker.kind === 'outsider') {
    return { ...shown, state: 'locked', locks: [NOT_ENROLLED], lockMode: 'all' };
  }
  const { reasons } = onlooker.evaluation.activities.get(lineage) ?? { reasons: [] };
  return { ...shown, state: stateOfActivity(activity, onlooker), ...presentLock(reasons, idOf) };
}

export function stateOfActivity(
  activity: VersionActivity,
  { evaluation, progress }: Extract<Onlooker, { kind: 'learner' }>,
): OutlineActivity['state'] {
  const state = evaluation.activities.get(activity.lineage);
  if (state?.completed) return 'completed';
  if (!state?.available) return 'locked';
  const row = progress[activity.id];
  if (!row) return 'open';
  const failed = row.attempts > 0 && !row.passed && activity.completion.kind === 'passed';
  return failed ? 'failed' : 'started';
}

/** A reason that is itself a choice is shown as one flat list with « one of these is enough ». */
function presentLock(
  reasons: readonly Reason[],
  idOf: ReadonlyMap<string, string>,
): Pick<OutlineActivity, 'locks' | 'lockMode'> {
  const [first] = reasons;
  if (reasons.length === 1 && first?.kind === 'any') {
    return { locks: first.reasons.flatMap((reason) => flatten(reason, idOf)), lockMode: 'any' };
  }
  return { locks: reasons.flatMap((reason) => flatten(reason, idOf)), lockMode: 'all' };
}

function flatten(reason: Reason, idOf: ReadonlyMap<string, string>): LockReason[] {
  const nothing = { title: null, activityId: null, percent: null, at: null };
  switch (reason.kind) {
    case 'any':
      return reason.reasons.flatMap((one) => flatten(one, idOf));
    case 'date':
      return [{ ...nothing, kind: 'date', at: reason.at }];
    case 'broken':
      return [{ ...nothing, kind: 'activity' }];
    case 'module':
      return [{ ...nothing, kind: 'module', title: reason.title }];
    case 'activity':
    case 'score': {
      const percent = reason.kind === 'score' ? reason.percent : null;
      return [
        {
          ...nothing,
          kind: reason.kind,
          title: reason.title,
          activityId: idOf.get(reason.lineage) ?? null,
          percent,
        },
      ];
    }
  }
}
