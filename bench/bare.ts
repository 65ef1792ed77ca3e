/**
 * The least that could answer the same JSON: node:http and one prepared statement a request, as a role that sees
 * everything; no identity, rights, row-level security, validation or evaluation of progress. What the API is
 * compared with. A process of its own, told what to do by one line of JSON on its standard input.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import pg from 'pg';

/** As many as the backend's tenant pool. */
const CONNECTIONS = 12;

export interface BareSettings {
  databaseUrl: string;
  tenantId: string;
  userId: string;
  activityId: string;
  /** The API's own answer: everything of it that no row holds (the outline and its locks) is sent as it is. */
  lesson: Record<string, unknown>;
}

const COURSES = `
SELECT c.id, c.slug, c.title, c.summary,
  CASE WHEN c.cover_id IS NOT NULL THEN json_build_object('assetId', c.cover_id, 'alt', k.alt) END AS cover,
  v.duration_minutes::int AS "durationMinutes", v.module_count::int AS modules, v.activity_count::int AS activities,
  CASE WHEN e.id IS NOT NULL THEN json_build_object('id', e.id, 'state', e.state, 'percent', e.percent::int,
    'completedAt', e.completed_at) END AS enrolment
FROM courses c
JOIN course_versions v ON v.id = c.published_version_id
LEFT JOIN assets k ON k.id = c.cover_id
LEFT JOIN enrolments e ON e.user_id = $2 AND e.course_id = c.id
WHERE c.tenant_id = $1 AND c.listed
ORDER BY c.title, c.id LIMIT 25`;

const LESSON = `
SELECT a.content, p.position::float8 AS position
FROM activities a
LEFT JOIN enrolments e ON e.course_version_id = a.version_id AND e.user_id = $2
LEFT JOIN progress p ON p.enrolment_id = e.id AND p.activity_id = a.id
WHERE a.id = $1`;

async function serve({ databaseUrl, tenantId, userId, activityId, lesson }: BareSettings): Promise<void> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: CONNECTIONS });
  const answers: Record<string, () => Promise<unknown>> = {
    '/courses': async () => {
      const { rows: items } = await pool.query({
        name: 'courses',
        text: COURSES,
        values: [tenantId, userId],
      });
      return { items, page: 1, pageSize: 25, total: items.length };
    },
    '/lesson': async () => {
      const { rows } = await pool.query({ name: 'lesson', text: LESSON, values: [activityId, userId] });
      return { ...lesson, content: rows[0]?.content, position: rows[0]?.position ?? 0 };
    },
  };
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? ''];
    if (!answer) {
      response.writeHead(404).end();
      return;
    }
    answer().then(
      (body) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      },
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (address && typeof address === 'object') process.stdout.write(`${address.port}\n`);
  });
}

if (import.meta.main) {
  const [line] = (await once(process.stdin, 'data')) as [Buffer];
  await serve(JSON.parse(line.toString()) as BareSettings);
}
