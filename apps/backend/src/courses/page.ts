import type { CoursePage } from '@preau/contract/tenant/learning';
import type { Db } from '../database/db.ts';
import { refuse } from '../http/problem.ts';
import { can } from '../policies/course.ts';
import type { Viewer } from '../policies/viewer.ts';
import { IS_TRAINER } from './facts.ts';
import {
  ENROLMENT,
  type Enrolment,
  evaluateEnrolment,
  isRunning,
  type Onlooker,
  presentOutline,
  readEnrolment,
  type StoredEnrolment,
  stateOf,
} from './standing.ts';
import { activitiesOf, loadVersion, minutesOf, type Version } from './version.ts';

interface CourseRow {
  id: string;
  slug: string;
  coverId: string | null;
  coverAlt: string | null;
  selfEnrolment: boolean;
  listed: boolean;
  own: boolean;
  catalogue: 'public' | 'private';
  publishedId: string | null;
  draftId: string;
  enrolment: StoredEnrolment | null;
}

/** A course page for whoever may see it: one statement, and the outline from memory. */
export async function readCoursePage(db: Db, viewer: Viewer, slug: string): Promise<CoursePage> {
  const row = (await db.maybe<CourseRow>(READ, [viewer?.id ?? null, slug])) ?? refuse('not-found');
  const enrolment = readEnrolment(row.enrolment);
  const enrolled = enrolment !== null && enrolment.state !== 'suspended';
  const facts = { ...row, published: row.publishedId !== null, enrolled };
  if (!can(viewer, 'see', facts)) refuse('not-found');
  const versionId = enrolment?.versionId ?? row.publishedId ?? row.draftId;
  const version = (await loadVersion(db, versionId)) ?? refuse('not-found');
  return {
    id: row.id,
    slug: row.slug,
    title: version.title,
    summary: version.summary,
    objectives: version.objectives,
    audience: version.audience,
    prerequisites: version.prerequisites,
    attribution: version.attribution,
    cover: row.coverId === null ? null : { assetId: row.coverId, alt: row.coverAlt ?? '' },
    durationMinutes: minutesOf(version),
    version: version.number,
    selfEnrolment: can(viewer ?? NOBODY_YET, 'join', facts),
    ...present(version, can(viewer, 'read', facts), enrolment),
  };
}

function present(
  version: Version,
  author: boolean,
  enrolment: Enrolment | null,
): Pick<CoursePage, 'enrolment' | 'modules'> {
  if (!enrolment) return { enrolment: null, modules: presentOutline(version, outside(author)) };
  const shown = presentEnrolment(version, enrolment);
  if (!isRunning(enrolment)) return { enrolment: shown, modules: presentOutline(version, outside(author)) };
  const evaluation = evaluateEnrolment(version, enrolment.progress, new Date());
  const learner: Onlooker = { kind: 'learner', evaluation, progress: enrolment.progress };
  return { enrolment: shown, modules: presentOutline(version, learner) };
}

/** A visitor once they have signed up. */
const NOBODY_YET = { id: '', role: 'learner', grants: {} } as const;

function outside(author: boolean): Onlooker {
  return author ? { kind: 'author' } : { kind: 'outsider' };
}

export function presentEnrolment(
  version: Version,
  enrolment: Enrolment,
): NonNullable<CoursePage['enrolment']> {
  const { next, course } = evaluateEnrolment(version, enrolment.progress, new Date());
  return {
    id: enrolment.id,
    state: stateOf(enrolment),
    percent: enrolment.state === 'completed' ? 100 : course.percent,
    enrolledAt: enrolment.enrolledAt,
    completedAt: enrolment.completedAt,
    dueAt: enrolment.dueAt,
    credentialCode: enrolment.code,
    nextActivityId: activitiesOf(version).find(({ lineage }) => lineage === next)?.id ?? null,
  };
}

const READ = `
SELECT c.id, c.slug, c.cover_id AS "coverId",
  (SELECT k.alt FROM assets k WHERE k.id = c.cover_id) AS "coverAlt",
  c.self_enrolment AS "selfEnrolment", c.listed, ${IS_TRAINER} AS own,
  coalesce((SELECT s.catalogue::text FROM site_settings s), 'private') AS catalogue,
  c.published_version_id AS "publishedId", c.draft_version_id AS "draftId",
  ${ENROLMENT} AS enrolment
FROM courses c WHERE c.slug = $2`;
