/** The hot paths, each with the least SQL that answers the same without identity, rights or isolation. */
import type { Learner } from './plant.ts';

export interface HotPath {
  name: string;
  method: 'GET' | 'PUT';
  path(learner: Learner): string;
  /** The n-th request's body. */
  body?(n: number): unknown;
  bare: {
    sql: string;
    values(learner: Learner, n: number): unknown[];
    /** Whether the row's columns replace those of the answer, or the statement only writes. */
    answers: 'row' | 'recorded' | 'nothing';
  };
}

const CARD = `json_build_object('id', c.id, 'slug', c.slug, 'title', c.title, 'summary', c.summary, 'cover', NULL,
  'durationMinutes', v.duration_minutes::int, 'modules', v.module_count::int, 'activities', v.activity_count::int,
  'enrolment', CASE WHEN e.id IS NOT NULL THEN json_build_object('id', e.id, 'state', e.state, 'percent', e.percent::int,
    'completedAt', e.completed_at) END)`;

export const hotPaths: readonly HotPath[] = [
  {
    name: 'session check',
    method: 'GET',
    path: () => '/v1/me',
    bare: {
      sql: `SELECT u.id, u.email, u.name, u.role, u.locale FROM user_sessions s JOIN users u ON u.id = s.user_id
        WHERE s.tenant_id = $1 AND s.token_hash = encode(sha256($2::bytea), 'hex') AND s.expires_at > now()`,
      values: ({ tenantId, session }) => [tenantId, session],
      answers: 'row',
    },
  },
  {
    name: 'list courses',
    method: 'GET',
    path: () => '/v1/courses',
    bare: {
      sql: `SELECT json_agg(card) AS items FROM (
          SELECT ${CARD} AS card FROM courses c JOIN course_versions v ON v.id = c.published_version_id
          LEFT JOIN enrolments e ON e.tenant_id = $1 AND e.user_id = $2 AND e.course_id = c.id
          WHERE c.tenant_id = $1 AND c.listed ORDER BY c.title, c.id LIMIT 25) one`,
      values: ({ tenantId, userId }) => [tenantId, userId],
      answers: 'row',
    },
  },
  {
    name: 'dashboard',
    method: 'GET',
    path: () => '/v1/me/dashboard',
    bare: {
      sql: `SELECT json_agg(card ORDER BY at DESC) AS courses FROM (
          SELECT ${CARD} AS card, e.enrolled_at AS at FROM enrolments e JOIN courses c ON c.id = e.course_id
          JOIN course_versions v ON v.id = e.course_version_id WHERE e.tenant_id = $1 AND e.user_id = $2) one`,
      values: ({ tenantId, userId }) => [tenantId, userId],
      answers: 'recorded',
    },
  },
  {
    name: 'read a lesson',
    method: 'GET',
    path: ({ lessonId }) => `/v1/activities/${lessonId}`,
    bare: {
      sql: `SELECT a.content, p.position::float8 AS position FROM activities a
        LEFT JOIN enrolments e ON e.course_version_id = a.version_id AND e.user_id = $2 AND e.tenant_id = $3
        LEFT JOIN progress p ON p.tenant_id = $3 AND p.enrolment_id = e.id AND p.activity_id = a.id WHERE a.id = $1`,
      values: ({ lessonId, userId, tenantId }) => [lessonId, userId, tenantId],
      answers: 'row',
    },
  },
  {
    name: 'save progress',
    method: 'PUT',
    path: ({ lessonId }) => `/v1/activities/${lessonId}/progress`,
    body: (n) => ({ position: (n % 100) / 100, seconds: 5, completed: false }),
    bare: {
      sql: `UPDATE progress p SET position = greatest(p.position, $4::float8::numeric), time_spent_seconds = time_spent_seconds + 5,
          last_seen_at = now(), updated_at = now()
        FROM enrolments e WHERE e.tenant_id = $3 AND e.user_id = $2 AND p.tenant_id = $3 AND p.enrolment_id = e.id AND p.activity_id = $1`,
      values: ({ lessonId, userId, tenantId }, n) => [lessonId, userId, tenantId, (n % 100) / 100],
      answers: 'recorded',
    },
  },
  {
    name: 'save an answer',
    method: 'PUT',
    path: ({ attemptId, questionId }) => `/v1/attempts/${attemptId}/answers/${questionId}`,
    body: (n) => ({ answer: { kind: 'boolean', value: n % 2 === 0 } }),
    bare: {
      sql: `INSERT INTO responses (tenant_id, attempt_id, question_id, response, answered_at) VALUES ($1, $2, $3, $4::jsonb, now())
        ON CONFLICT (tenant_id, attempt_id, question_id) DO UPDATE SET response = excluded.response, answered_at = now(), updated_at = now()`,
      values: ({ tenantId, attemptId, questionId }, n) => [
        tenantId,
        attemptId,
        questionId,
        `{"kind":"boolean","value":${n % 2 === 0}}`,
      ],
      answers: 'nothing',
    },
  },
];

/** Through Payload, for an administrator: the same list as rows. */
export const genericPath: HotPath = {
  name: 'generic REST',
  method: 'GET',
  path: () =>
    '/v1/collections/courses?depth=0&limit=25&pagination=false&sort=slug&select[title]=true&select[slug]=true',
  bare: {
    sql: `SELECT json_agg(row) AS docs FROM (SELECT id, title, slug FROM courses WHERE tenant_id = $1 ORDER BY slug LIMIT 25) row`,
    values: ({ tenantId }) => [tenantId],
    answers: 'row',
  },
};
