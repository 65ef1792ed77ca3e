import type { AvailabilityRule, CompletionRule, QuizConfig } from '@preau/contract/tenant/content';
import { LRUCache } from 'lru-cache';
import type { Db } from '../database/db.ts';
import { tenantOf } from '../database/tenant.ts';

/** A course version without its contents: what outlines, rules and navigation need. */
export interface Version {
  id: string;
  courseId: string;
  number: number;
  state: 'draft' | 'published';
  title: string;
  summary: string;
  objectives: string[];
  audience: string;
  prerequisites: string;
  attribution: string;
  modules: VersionModule[];
}
export interface VersionModule {
  id: string;
  lineage: string;
  title: string;
  summary: string;
  activities: VersionActivity[];
}
export interface VersionActivity {
  id: string;
  lineage: string;
  type: 'lesson' | 'quiz' | 'package';
  title: string;
  minutes: number;
  completion: CompletionRule;
  availability: AvailabilityRule;
  quiz: QuizConfig | null;
  packageId: string | null;
  questions: number;
}

/** Published versions never change, so they are kept; drafts are read each time. */
const KEPT_VERSIONS = 2000;
const kept = new LRUCache<string, Version>({
  max: KEPT_VERSIONS,
  dispose: (version, key) => {
    for (const { id } of activitiesOf(version)) versionOf.delete(pieceKey(key, id));
  },
});
/** The key of the kept version that an activity belongs to. */
const versionOf = new Map<string, string>();
const pieceKey = (versionKey: string, activityId: string) =>
  `${versionKey.slice(0, versionKey.indexOf('/'))}/${activityId}`;

/**
 * Reads a version of the tenant that `db` is bound to; null where there is none.
 * The tenant is part of the key: a cache must not know what row-level security would not show.
 */
export async function loadVersion(db: Db, versionId: string): Promise<Version | null> {
  const key = `${tenantOf(db)}/${versionId}`;
  const known = kept.get(key);
  if (known) return known;
  const row = await db.maybe<{ version: Version }>(READ_VERSION, [versionId]);
  if (!row) return null;
  if (row.version.state === 'published') {
    kept.set(key, row.version);
    for (const { id } of activitiesOf(row.version)) versionOf.set(pieceKey(key, id), key);
  }
  return row.version;
}

/** The published version with this activity, if it was read before. Says nothing about who may see it. */
export function knownVersionWith(db: Db, activityId: string): Version | undefined {
  const key = versionOf.get(`${tenantOf(db)}/${activityId}`);
  return key === undefined ? undefined : kept.get(key);
}

export function activitiesOf(version: Version): VersionActivity[] {
  return version.modules.flatMap((module) => module.activities);
}

/** The sum of the activities' estimates. */
export function minutesOf(version: Version): number {
  return activitiesOf(version).reduce((sum, activity) => sum + activity.minutes, 0);
}

const READ_VERSION = `
SELECT json_build_object(
  'id', v.id, 'courseId', v.course_id, 'number', v.number, 'state', v.state, 'title', v.title,
  'summary', v.summary, 'objectives', v.objectives, 'audience', v.audience,
  'prerequisites', v.prerequisites, 'attribution', v.attribution,
  'modules', (
    SELECT coalesce(json_agg(json_build_object(
      'id', m.id, 'lineage', m.lineage, 'title', m.title, 'summary', m.summary,
      'activities', (
        SELECT coalesce(json_agg(json_build_object(
          'id', a.id, 'lineage', a.lineage, 'type', a.type, 'title', a.title,
          'minutes', a.estimated_minutes, 'completion', a.completion_rule,
          'availability', a.availability_rule, 'quiz', a.config, 'packageId', a.package_id,
          'questions', (SELECT count(*) FROM questions q WHERE q.activity_id = a.id)
        ) ORDER BY a.position), '[]')
        FROM activities a WHERE a.module_id = m.id
      )
    ) ORDER BY m.position), '[]')
    FROM modules m WHERE m.version_id = v.id
  )
) AS version
FROM course_versions v WHERE v.id = $1`;
