/** Many tenants at once over few connections, while connections are killed and transactions rolled back. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ApiProblem, type Client, createClient } from '@preau/contract';
import pg from 'pg';
import { testServer } from '../../../../tools/testDatabase.ts';
import type { Db } from '../database/db.ts';
import { type TestBackend, testBackend } from '../testing/backend.ts';
import { type PgBouncer, pgBouncerInstalled, startPgBouncer } from '../testing/pgbouncer.ts';

const TENANTS = 500;
const AT_ONCE = 64;
const POOL_SIZE = 8;
/** Requests between two kills: by count, so that a slow machine has as many as a fast one. */
const KILL_EVERY = 25;

interface Platform {
  slug: string;
  db: Db;
  client: Client;
  learner: { id: string; session: string };
  administrator: { session: string };
  lessonId: string;
  /** Seconds that were acknowledged, and that may have been written without an answer. */
  saved: { surely: number; perhaps: number };
}

/** A course of one lesson in which everything is called like the tenant, and a learner in it. */
const COURSE = `
WITH course AS (INSERT INTO courses (slug, title) VALUES ('course', $1) RETURNING id),
version AS (
  INSERT INTO course_versions (course_id, number, state, title, published_at) SELECT id, 1, 'published', $1, now() FROM course
  RETURNING id, course_id
), module AS (
  INSERT INTO modules (version_id, lineage, position, title) SELECT id, new_id(), 1, $1 FROM version RETURNING id, version_id
), activity AS (
  INSERT INTO activities (version_id, module_id, lineage, position, type, title, completion_rule, availability_rule)
  SELECT version_id, id, new_id(), 1, 'lesson', $1, '{"kind":"marked"}', '{"kind":"always"}' FROM module
  RETURNING id
), enrolment AS (
  INSERT INTO enrolments (user_id, course_id, course_version_id, source, enrolled_at)
  SELECT $2, course_id, id, 'manual', now() FROM version
)
SELECT activity.id AS "lessonId", version.id AS "versionId", version.course_id AS "courseId" FROM activity, version`;

async function plant(backend: TestBackend, n: number): Promise<Platform> {
  const slug = `platform-${n}`;
  const instance = await backend.instance(slug);
  const learner = await instance.signedIn('learner');
  const administrator = await instance.signedIn('administrator');
  const { lessonId, versionId, courseId } = await instance.db.one<Record<string, string>>(COURSE, [
    slug,
    learner.id,
  ]);
  await instance.db.query('UPDATE courses SET published_version_id = $2 WHERE id = $1', [
    courseId,
    versionId,
  ]);
  return {
    slug,
    db: instance.db,
    // Neither side checks answers against the contract here: that would be most of the work.
    client: createClient({ baseUrl: backend.url, token: instance.signer.token, validate: false }),
    learner,
    administrator,
    lessonId: lessonId ?? '',
    saved: { surely: 0, perhaps: 0 },
  };
}

/** What one request saw: the names of whatever came back. Each must be the tenant's own. */
const requests: ((platform: Platform) => Promise<string[]>)[] = [
  async ({ client, learner: { session } }) =>
    (await client.listCourses({ session })).items.map(({ title }) => title),
  async ({ client, learner: { session }, lessonId }) => {
    const { title, course, outline } = await client.getActivity({
      session,
      params: { activityId: lessonId },
    });
    return [title, course.title, ...outline.map((module) => module.title)];
  },
  async ({ slug, client, learner: { session }, lessonId, saved }) => {
    saved.perhaps += 1;
    await client.saveProgress({ session, params: { activityId: lessonId }, body: { seconds: 1 } });
    saved.perhaps -= 1;
    saved.surely += 1;
    return [slug];
  },
  async ({ client, administrator: { session } }) => [
    (await client.getSite()).name,
    ...(await client.listStudioCourses({ session })).items.map(({ title }) => title),
  ],
  async ({ db, slug }) => {
    const seen: string[] = [];
    await db
      .transaction(async (tx) => {
        for (const { title } of await tx.query<{ title: string }>(
          `UPDATE courses SET title = title || '' RETURNING title`,
        ))
          seen.push(title);
        await tx.query(`UPDATE modules SET title = 'rolled back'`);
        throw new Error('on purpose');
      })
      .catch((error: unknown) => {
        if (!(error instanceof Error && error.message === 'on purpose')) throw error;
      });
    return [slug, ...seen];
  },
];

/** Whether a killed connection explains the failure: the API says 503, the driver quotes PostgreSQL. */
function broken(error: unknown): boolean {
  if (error instanceof ApiProblem) return error.problem.status === 503;
  const { code = '', severity = '', message = '' } = error as Record<string, string | undefined>;
  return (
    severity === 'FATAL' || code === 'ECONNRESET' || /terminated|not queryable|timeout exceeded/.test(message)
  );
}

for (const { title, count, bouncer } of [
  { title: 'straight to PostgreSQL', count: 20_000, bouncer: false },
  { title: 'behind PgBouncer pooling by transaction', count: 2_000, bouncer: true },
]) {
  const skip = bouncer && !pgBouncerInstalled && 'PgBouncer is not installed (Debian: pgbouncer)';
  describe(`${count} requests, ${AT_ONCE} at once, ${POOL_SIZE} connections, ${TENANTS} tenants, ${title}`, {
    skip,
  }, () => {
    let backend: TestBackend;
    let running: PgBouncer | undefined;
    let killer: pg.Client;
    let platforms: Platform[];

    before(async () => {
      let database = '';
      backend = await testBackend(async (urls) => {
        database = new URL(urls.ownerUrl).pathname;
        running = bouncer ? await startPgBouncer(urls, POOL_SIZE) : undefined;
        return {
          DATABASE_POOL_SIZE: bouncer ? String(AT_ONCE) : String(POOL_SIZE),
          NODE_ENV: 'production',
          RATE_LIMIT_FACTOR: '1000',
          ...(running
            ? {
                DATABASE_BINDING: 'transaction',
                DATABASE_PLATFORM_URL: running.platformUrl,
                DATABASE_TENANT_URL: running.tenantUrl,
                DATABASE_LISTEN_URL: urls.platformUrl,
              }
            : {}),
        };
      });
      const server = new URL(await testServer());
      server.pathname = database;
      killer = new pg.Client(server.href);
      await killer.connect();
      platforms = await Promise.all(Array.from({ length: TENANTS }, (_, n) => plant(backend, n)));
    });
    after(async () => {
      await killer.end();
      await backend.close();
      await running?.stop();
    });

    test('every answer holds its own tenant’s rows only, and nothing is lost or written elsewhere', async () => {
      let left = count;
      let cut = 0;
      let wrong = 0;
      let kills = 0;
      const kill = async () => {
        const { rowCount } = await killer.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND usename = 'preau_tenant' ORDER BY random() LIMIT 1`,
        );
        kills += rowCount ?? 0;
      };
      await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          while (left > 0) {
            left -= 1;
            if (left % KILL_EVERY === 0) await kill();
            const platform = platforms[Math.floor(Math.random() * platforms.length)];
            const request = requests[Math.floor(Math.random() * requests.length)];
            assert.ok(platform && request);
            try {
              const seen = await request(platform);
              if (seen.length === 0 || seen.some((name) => name !== platform.slug)) wrong += 1;
            } catch (error) {
              if (!broken(error)) throw error;
              cut += 1;
            }
          }
        }),
      );

      assert.equal(wrong, 0, 'answers with a foreign row');
      assert.ok(kills > count / KILL_EVERY / 2, `only ${kills} connections were killed`);
      assert.ok(cut < count / 10, `${cut} requests failed for ${kills} kills`);
      for (const { slug, db, saved } of platforms) {
        const { seconds, strangers } = await db.one<{ seconds: number; strangers: number }>(
          `SELECT coalesce((SELECT sum(time_spent_seconds) FROM progress), 0)::int AS seconds,
             (SELECT count(*) FROM modules WHERE title <> $1)::int AS strangers`,
          [slug],
        );
        assert.equal(strangers, 0, `${slug}: a rolled-back change stayed`);
        assert.ok(
          saved.surely <= seconds && seconds <= saved.surely + saved.perhaps,
          `${slug}: ${seconds} s in the rows, ${saved.surely} acknowledged, ${saved.perhaps} unanswered`,
        );
      }
    });
  });
}
