import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type TestBackend, type TestInstance, testBackend } from '../testing/backend.ts';

const TENANTS = 200;
const AT_ONCE = 40;
const REQUESTS = 1_600;
const COURSES_EACH = 3;

let backend: TestBackend;
const platforms: { slug: string; instance: TestInstance; session: string }[] = [];

before(async () => {
  backend = await testBackend({ DATABASE_POOL_SIZE: '10', RATE_LIMIT_FACTOR: '1000' });
  for (let n = 0; n < TENANTS; n += 1) {
    const slug = `platform-${n}`;
    const instance = await backend.instance(slug);
    await instance.db.query(
      `INSERT INTO courses (slug, title) SELECT 'course-' || n, $1 FROM generate_series(1, $2::int) n`,
      [slug, COURSES_EACH],
    );
    const { session } = await instance.signedIn('administrator');
    platforms.push({ slug, instance, session });
  }
});
after(() => backend?.close());

/** Sends requests for platforms drawn at random, many at once; each answers what it saw of whom. */
async function storm(see: (platform: (typeof platforms)[number]) => Promise<string[]>): Promise<number> {
  let left = REQUESTS;
  let wrong = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left > 0) {
        left -= 1;
        const platform = platforms[Math.floor(Math.random() * platforms.length)];
        if (!platform) throw new Error('no platforms');
        const seen = await see(platform);
        if (seen.length === 0 || seen.some((each) => each !== platform.slug)) wrong += 1;
      }
    }),
  );
  return wrong;
}

test(`${AT_ONCE} at once over 10 connections, ${TENANTS} platforms: operations show nobody’s rows but their own`, async () => {
  const wrong = await storm(async ({ instance, session }) => {
    const [site, studio] = await Promise.all([
      instance.client.getSite(),
      instance.client.listStudioCourses({ session }),
    ]);
    return [site.name, ...studio.items.map(({ title }) => title)];
  });
  assert.equal(wrong, 0);
});

test('so do Payload’s REST and GraphQL', async () => {
  const ask = async (path: string, { instance, session }: (typeof platforms)[number], query?: string) => {
    const response = await fetch(backend.url + path, {
      method: query ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${await instance.signer.token()}`, 'preau-session': session },
      ...(query ? { body: JSON.stringify({ query }) } : {}),
    });
    assert.equal(response.status, 200, await response.clone().text());
    return response.json();
  };
  const wrong = await storm(async (platform) => {
    const [rest, graphql] = await Promise.all([
      ask('/v1/collections/courses?depth=0', platform) as Promise<{ docs: { title: string }[] }>,
      ask('/v1/graphql', platform, '{ Courses { docs { title } } }') as Promise<{
        data: { Courses: { docs: { title: string }[] } };
      }>,
    ]);
    const titles = [...rest.docs, ...graphql.data.Courses.docs].map(({ title }) => title);
    return titles.length === 2 * COURSES_EACH ? titles : [];
  });
  assert.equal(wrong, 0);
});
