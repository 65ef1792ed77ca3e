/** Platforms in use: each has a course, and a learner in the middle of it. */
import { p } from '../../apps/backend/src/seed/blocks.ts';
import type { Target } from '../exchange.ts';
import { enrolLearner, type Learner } from '../learners.ts';
import { kinds, targetOf } from '../pages.ts';
import { mailedToken, type Site, type Tenant } from '../site.ts';

const AT_ONCE = 4;
const TIMEOUT_MS = 30_000;
const PARAGRAPH =
  'Une personne qui entre en formation se pose trois questions : **suis-je attendue ? vais-je y arriver ? à qui puis-je parler ?**';

export interface School {
  slug: string;
  instanceId: string;
  host: string;
  learner: Learner;
}

/** Writes a course into each platform and enrols a learner. The platforms were ordered by `<slug>@bench.test`. */
export async function openSchools(
  site: Site,
  slugs: readonly string[],
  say: (text: string) => void,
): Promise<School[]> {
  const schools: School[] = [];
  const queue = [...slugs];
  const worker = async () => {
    for (let slug = queue.shift(); slug !== undefined; slug = queue.shift()) {
      schools.push(await openSchool(site, slug));
      say(`${schools.length} of ${slugs.length} platforms have a course and a learner`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return schools;
}

async function openSchool({ hub, open }: Site, slug: string): Promise<School> {
  const tenant = await open(slug);
  await writeCourse(tenant, await signIn(hub, tenant, `${slug}@bench.test`));
  return {
    slug,
    instanceId: tenant.instanceId,
    host: tenant.host,
    learner: await enrolLearner(hub, tenant, `apprenant@${slug}.test`),
  };
}

async function signIn(hub: Site['hub'], { client, host }: Tenant, email: string): Promise<string> {
  await client.requestSignInLink({ body: { email } });
  const opened = await client.redeemSignInLink({ body: { token: await mailedToken(hub, email, host) } });
  if (opened.kind !== 'session') throw new Error(`${email} is asked for a second factor.`);
  return opened.token;
}

/** A lesson and a quiz, as a trainer writes them, on a platform that lets learners in. */
async function writeCourse({ client }: Tenant, session: string): Promise<void> {
  await client.updateSettings({ session, body: { registration: 'open' } });
  const { id: courseId } = await client.createCourse({ session, body: { title: 'Accueillir' } });
  await client.updateCourse({
    session,
    params: { courseId },
    body: { selfEnrolment: true, listed: true },
  });
  const { modules } = await client.createModule({ session, params: { courseId }, body: { title: 'Avant' } });
  const moduleId = modules[0]?.id ?? '';
  const lesson = await client.createActivity({
    session,
    params: { moduleId },
    body: { type: 'lesson', title: 'Pourquoi l’accueil compte' },
  });
  const children = Array.from({ length: 12 }, () => p(PARAGRAPH));
  await client.updateActivity({
    session,
    params: { activityId: lesson.activityId },
    body: {
      minutes: 6,
      content: { root: { type: 'root', version: 1, format: '', indent: 0, direction: null, children } },
    },
  });
  const quiz = await client.createActivity({
    session,
    params: { moduleId },
    body: { type: 'quiz', title: 'Qu’avez-vous retenu ?' },
  });
  await client.setQuestions({
    session,
    params: { activityId: quiz.activityId },
    body: {
      questions: [
        {
          question: {
            type: 'single',
            prompt: 'À quoi l’accueil répond-il ?',
            options: [
              { id: 'a', text: 'À trois questions', correct: true },
              { id: 'b', text: 'À aucune', correct: false },
            ],
          },
        },
      ],
    },
  });
  await client.publishCourse({ session, params: { courseId } });
}

/** Requests of all learners in turn: a course, a lesson, an answer that is saved. */
export function inTurn({ port }: Pick<Site, 'port'>, schools: readonly School[]): (n: number) => Target {
  return (n) => {
    const school = schools[n % schools.length];
    const round = Math.floor(n / schools.length);
    const kind = kinds[round % kinds.length];
    if (!school || !kind) throw new Error('There are no platforms.');
    const asked = kind.of(school.learner, Math.floor(round / kinds.length));
    return { ...targetOf(port, school.host, school.learner, asked), timeoutMs: TIMEOUT_MS };
  };
}
