/** Fills a migrated database with tenants, courses, lessons and progress, by SQL alone. */
import { hash } from 'node:crypto';
import { generateKey, type PrivateKeyFile } from '@preau/identity';
import type pg from 'pg';

export interface Size {
  tenants: number;
  courses: number;
  lessonsPerCourse: number;
  /** A million progress rows are so many enrolments with a row for each lesson. */
  enrolments: number;
}

/** 20,000 courses, 200,000 lessons, 1,000,000 progress rows, spread over the given number of tenants. */
export const sizeOf = (tenants: number): Size => ({
  tenants,
  courses: 20_000,
  lessonsPerCourse: 10,
  enrolments: 100_000,
});

/** Courses that a person follows at most. */
const COURSES_EACH = 5;
/** Keys that are made: as many tenants are spoken to. */
const MAX_SPOKEN_TO = 10_000;

/** One learner of each tenant that is spoken to, with their tenant's key. */
export interface Learner {
  tenantId: string;
  userId: string;
  key: PrivateKeyFile;
  session: string;
  /** Of an administrator of the same tenant. */
  administratorSession: string;
  /** The path of the first course the learner follows, its first lesson, and a quiz's open attempt and question. */
  courseSlug: string;
  lessonId: string;
  attemptId: string;
  questionId: string;
}

type Kind = keyof typeof KINDS;
const KINDS = {
  tenant: 1,
  order: 13,
  administrator: 12,
  instance: 2,
  user: 3,
  course: 4,
  version: 5,
  module: 6,
  lesson: 7,
  enrolment: 8,
  quiz: 9,
  question: 10,
  attempt: 11,
} as const;

/** Ids are counted, so that SQL and this file agree on them without asking. RFC 9562 shape, version 7. */
const idOf = (kind: Kind, n: number) =>
  `${KINDS[kind].toString(16).padStart(8, '0')}-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const sqlId = (kind: Kind, n: string) =>
  `('${KINDS[kind].toString(16).padStart(8, '0')}-0000-7000-8000-' || lpad(to_hex((${n})::bigint), 12, '0'))::uuid`;

const sessionOf = (who: 'learner' | 'administrator', tenant: number) =>
  `session-of-the-${who}-of-tenant-${tenant}`;

const PARAGRAPH =
  'Un préau est la cour couverte d’une école : un toit sur des piliers, ouvert à l’air, où tout le monde se retrouve. ';
const text = (value: string) => ({
  type: 'text',
  text: value,
  format: 0,
  detail: 0,
  mode: 'normal',
  style: '',
  version: 1,
});
const LESSON = JSON.stringify({
  root: {
    type: 'root',
    direction: 'ltr',
    format: '',
    indent: 0,
    version: 1,
    children: Array.from({ length: 4 }, () => ({
      type: 'paragraph',
      direction: 'ltr',
      format: '',
      indent: 0,
      version: 1,
      textFormat: 0,
      textStyle: '',
      children: [text(PARAGRAPH.repeat(2))],
    })),
  },
});

/**
 * Plants everything with the given superuser, who sees through every policy.
 * Tenant `t` has the courses and people whose number is `t` modulo the tenants.
 */
export async function plant(client: pg.Client, size: Size, say: (what: string) => void): Promise<Learner[]> {
  const { tenants, courses, lessonsPerCourse, enrolments } = size;
  const coursesPerTenant = courses / tenants;
  const followed = Math.min(COURSES_EACH, coursesPerTenant);
  const people = Math.ceil(enrolments / followed);
  const spokenTo = Math.min(tenants, MAX_SPOKEN_TO);
  const run = async (what: string, sql: string, values: unknown[] = []) => {
    say(what);
    await client.query(sql, values);
  };
  // Foreign keys are right by construction; checking them row by row would be most of the time.
  await client.query(`SET session_replication_role = replica`);
  await client.query(`SET maintenance_work_mem = '512MB'`);

  await run(
    'tenants',
    `WITH account AS (INSERT INTO accounts (email, name, password_hash) VALUES ('bench@exemple.test', 'Bench', '-') RETURNING id),
     organisation AS (INSERT INTO organisations (name, country) VALUES ('Bench', 'FR') RETURNING id),
     plan AS (INSERT INTO plans (code, kind, position, on_sale) VALUES ('bench', 'plan', 9, false) RETURNING id),
     version AS (INSERT INTO plan_versions (plan_id, number, texts, entitlements) SELECT id, 1, '{}', '{}' FROM plan RETURNING id),
     orders AS (
       INSERT INTO orders (id, organisation_id, account_id, idempotency_key, state, slug, branding, currency, "interval", lines, total_minor, plan_version_id)
       SELECT ${sqlId('order', 'n')}, organisation.id, account.id, 'bench-' || n, 'paid', 'bench-' || n, '{}', 'EUR', 'month', '[]', 0, version.id
       FROM generate_series(0, $1::int - 1) n, organisation, account, version
     ), t AS (
       INSERT INTO tenants (id, slug, name) SELECT ${sqlId('tenant', 'n')}, 'bench-' || n, 'Bench ' || n FROM generate_series(0, $1::int - 1) n
     )
     INSERT INTO instances (id, organisation_id, order_id, tenant_id, slug, name, branding, plan_version_id, lifecycle)
     SELECT ${sqlId('instance', 'n')}, organisation.id, ${sqlId('order', 'n')}, ${sqlId('tenant', 'n')}, 'bench-' || n, 'Bench', '{}', version.id, 'live'
     FROM generate_series(0, $1::int - 1) n, organisation, version`,
    [tenants],
  );
  await run(
    'settings',
    `INSERT INTO site_settings (tenant_id, name) SELECT ${sqlId('tenant', 'n')}, 'Bench ' || n FROM generate_series(0, $1::int - 1) n`,
    [tenants],
  );
  await run(
    'people',
    `INSERT INTO users (id, tenant_id, email, name)
     SELECT ${sqlId('user', 'n')}, ${sqlId('tenant', 'n % $2::int')}, 'apprenant-' || n || '@exemple.test', 'Apprenant ' || n
     FROM generate_series(0, $1::int - 1) n`,
    [people, tenants],
  );
  await run(
    'courses',
    `WITH c AS (
       INSERT INTO courses (id, tenant_id, slug, title, summary, published_version_id)
       SELECT ${sqlId('course', 'n')}, ${sqlId('tenant', 'n % $2::int')}, 'cours-' || n, 'Cours ' || n, 'Ce que l’on y apprend.', ${sqlId('version', 'n')}
       FROM generate_series(0, $1::int - 1) n
     ), v AS (
       INSERT INTO course_versions (id, tenant_id, course_id, number, state, title, duration_minutes, module_count, activity_count, published_at)
       SELECT ${sqlId('version', 'n')}, ${sqlId('tenant', 'n % $2::int')}, ${sqlId('course', 'n')}, 1, 'published', 'Cours ' || n, 60, 1, $3::int + 1, now()
       FROM generate_series(0, $1::int - 1) n
     )
     INSERT INTO modules (id, tenant_id, version_id, lineage, position, title)
     SELECT ${sqlId('module', 'n')}, ${sqlId('tenant', 'n % $2::int')}, ${sqlId('version', 'n')}, ${sqlId('module', 'n')}, 1, 'Module'
     FROM generate_series(0, $1::int - 1) n`,
    [courses, tenants, lessonsPerCourse],
  );
  await run(
    'lessons',
    `INSERT INTO activities (id, tenant_id, version_id, module_id, lineage, position, type, title, content, completion_rule, availability_rule, estimated_minutes)
     SELECT ${sqlId('lesson', 'n * $3::int + k')}, ${sqlId('tenant', 'n % $2::int')}, ${sqlId('version', 'n')}, ${sqlId('module', 'n')},
       ${sqlId('lesson', 'n * $3::int + k')}, k + 1, 'lesson', 'Leçon ' || k, $4::jsonb, '{"kind":"marked"}', '{"kind":"always"}', 6
     FROM generate_series(0, $1::int - 1) n, generate_series(0, $3::int - 1) k`,
    [courses, tenants, lessonsPerCourse, LESSON],
  );
  await run(
    'enrolments',
    `INSERT INTO enrolments (id, tenant_id, user_id, course_id, course_version_id, source, enrolled_at)
     SELECT ${sqlId('enrolment', 'e')}, ${sqlId('tenant', 't')}, ${sqlId('user', 'u')}, ${sqlId('course', 'c')}, ${sqlId('version', 'c')}, 'manual', now()
     FROM (
       SELECT e, u, u % $2::int AS t, ((u / $2::int + e % $3::int) % $4::int) * $2::int + u % $2::int AS c
       FROM (SELECT e, e / $3::int AS u FROM generate_series(0, $1::int - 1) e) one
     ) two`,
    [people * followed, tenants, followed, coursesPerTenant],
  );
  await run(
    'progress',
    `INSERT INTO progress (tenant_id, enrolment_id, activity_id, position, first_seen_at, last_seen_at)
     SELECT ${sqlId('tenant', 't')}, ${sqlId('enrolment', 'e')}, ${sqlId('lesson', 'c * $5::int + k')}, 0.5, now(), now()
     FROM (
       SELECT e, u % $2::int AS t, ((u / $2::int + e % $3::int) % $4::int) * $2::int + u % $2::int AS c
       FROM (SELECT e, e / $3::int AS u FROM generate_series(0, $1::int - 1) e) one
     ) two, generate_series(0, $5::int - 1) k`,
    [people * followed, tenants, followed, coursesPerTenant, lessonsPerCourse],
  );
  // The first person of each tenant, who follows the tenant's first course, is in the middle of its quiz.
  await run(
    'attempts',
    `WITH quiz AS (
       INSERT INTO activities (id, tenant_id, version_id, module_id, lineage, position, type, title, config, completion_rule, availability_rule)
       SELECT ${sqlId('quiz', 'n')}, ${sqlId('tenant', 'n')}, ${sqlId('version', 'n')}, ${sqlId('module', 'n')}, ${sqlId('quiz', 'n')}, 99, 'quiz', 'Quiz',
         '{"passPercent":70,"attempts":null,"shuffleQuestions":false,"shuffleOptions":false,"review":"feedback","timeLimitMinutes":null,"introduction":""}',
         '{"kind":"passed"}', '{"kind":"always"}'
       FROM generate_series(0, $1::int - 1) n
     ), question AS (
       INSERT INTO questions (id, tenant_id, version_id, activity_id, lineage, position, type, config)
       SELECT ${sqlId('question', 'n')}, ${sqlId('tenant', 'n')}, ${sqlId('version', 'n')}, ${sqlId('quiz', 'n')}, ${sqlId('question', 'n')}, 1, 'trueFalse', '{}'
       FROM generate_series(0, $1::int - 1) n
     ), attempt AS (
       INSERT INTO attempts (id, tenant_id, user_id, enrolment_id, activity_id, number, seed, started_at, snapshot)
       SELECT ${sqlId('attempt', 'n')}, ${sqlId('tenant', 'n')}, ${sqlId('user', 'n')}, ${sqlId('enrolment', 'n * $2::int')}, ${sqlId('quiz', 'n')}, 1, 1, now(), '{}'
       FROM generate_series(0, $1::int - 1) n
     )
     INSERT INTO responses (tenant_id, attempt_id, question_id, answered_at)
     SELECT ${sqlId('tenant', 'n')}, ${sqlId('attempt', 'n')}, ${sqlId('question', 'n')}, now() FROM generate_series(0, $1::int - 1) n`,
    [spokenTo, followed],
  );

  say('keys and sessions');
  const keys = await Promise.all(
    Array.from({ length: spokenTo }, (_, n) => generateKey(`instance:${idOf('instance', n)}`, `bench-${n}`)),
  );
  await client.query(
    `INSERT INTO instance_keys (instance_id, kid, x) SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[])`,
    [
      keys.map((_, n) => idOf('instance', n)),
      keys.map(({ kid }) => kid),
      keys.map(({ privateKey }) => privateKey.x),
    ],
  );
  await client.query(
    `INSERT INTO users (id, tenant_id, email, name, role)
     SELECT ${sqlId('administrator', 'n')}, ${sqlId('tenant', 'n')}, 'administrateur-' || n || '@exemple.test', 'Administrateur', 'administrator'
     FROM generate_series(0, $1::int - 1) n`,
    [spokenTo],
  );
  for (const [kind, who] of [
    ['user', 'learner'],
    ['administrator', 'administrator'],
  ] as const) {
    await client.query(
      `INSERT INTO user_sessions (tenant_id, user_id, token_hash, expires_at)
       SELECT t, u, h, now() + interval '1 day' FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS s (t, u, h)`,
      [
        keys.map((_, n) => idOf('tenant', n)),
        keys.map((_, n) => idOf(kind, n)),
        keys.map((_, n) => hash('sha256', sessionOf(who, n), 'hex')),
      ],
    );
  }
  await client.query('RESET session_replication_role');
  await run('statistics', 'VACUUM ANALYZE');
  return keys.map((key, n) => ({
    tenantId: idOf('tenant', n),
    userId: idOf('user', n),
    key,
    session: sessionOf('learner', n),
    administratorSession: sessionOf('administrator', n),
    courseSlug: `cours-${n}`,
    lessonId: idOf('lesson', n * lessonsPerCourse),
    attemptId: idOf('attempt', n),
    questionId: idOf('question', n),
  }));
}
