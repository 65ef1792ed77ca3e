import { builtInRoles, type Role } from '@preau/contract';
import { type Keeping, storeAsset } from '../assets/store.ts';
import { hashPassword } from '../authentication/password.ts';
import { readCoursePage } from '../courses/page.ts';
import type { Db } from '../database/db.ts';
import { enrolMyself } from '../enrolments/self.ts';
import type { User } from '../policies/viewer.ts';
import { saveProgress } from '../progress/save.ts';
import { seedCourse } from './course.ts';
import { courtyard } from './drawings.ts';
import { objectivesCourse, welcomeCourse } from './welcomeCourse.ts';

/** Of everybody on the demonstration platform. */
export const DEMO_PASSWORD = 'preau-demo-2026';

const PEOPLE: { email: string; name: string; role: Role; lessons: number }[] = [
  { email: 'admin@demo.test', name: 'Nadia Benali', role: 'administrator', lessons: 0 },
  { email: 'formateur@demo.test', name: 'Marc Lefort', role: 'trainer', lessons: 0 },
  { email: 'apprenant@demo.test', name: 'Inès Caron', role: 'learner', lessons: 0 },
  { email: 'lucie.moreau@demo.test', name: 'Lucie Moreau', role: 'learner', lessons: 2 },
  { email: 'karim.haddad@demo.test', name: 'Karim Haddad', role: 'learner', lessons: 1 },
  { email: 'yann.le-goff@demo.test', name: 'Yann Le Goff', role: 'learner', lessons: 2 },
  { email: 'aminata.diallo@demo.test', name: 'Aminata Diallo', role: 'learner', lessons: 0 },
];

/**
 * Fills the demonstration platform: people, two courses of our own, learners on their way. Repeating it adds
 * nothing.
 * @param db bound to the demonstration tenant, whose settings exist
 */
export async function seedTenant(app: Keeping, db: Db): Promise<void> {
  const users = await seedPeople(db);
  const author = users.find(({ role }) => role === 'trainer');
  if (!author) throw new Error('the demonstration needs a trainer');
  await db.query(
    `UPDATE site_settings SET catalogue = 'public', registration = 'open',
       certificate_wording = CASE WHEN certificate_wording = '' THEN $1 ELSE certificate_wording END,
       certificate_signatory = CASE WHEN certificate_signatory = '' THEN $2 ELSE certificate_signatory END
     WHERE NOT EXISTS (SELECT 1 FROM courses)`,
    ['Formation suivie à distance, évaluée par un quiz noté.', 'Nadia Benali, responsable pédagogique'],
  );
  if (await db.maybe('SELECT 1 FROM courses WHERE slug = $1', [objectivesCourse.slug])) return;

  const draw = async (name: string, alt: string, drawing: Parameters<typeof courtyard>[0]) =>
    storeAsset(app, db, { source: { bytes: await courtyard(drawing) }, name, alt, uploadedBy: author.id });
  const welcomeCover = await draw('cour.png', 'Une cour bordée d’arcades, au soleil.', {
    arches: 6,
    lit: 2,
    sky: '#cfe6da',
  });
  const objectivesCover = await draw('arcades.png', 'Quatre arcades ; la dernière est éclairée.', {
    arches: 4,
    lit: 3,
    sky: '#f3e3c3',
  });
  const { id, width, height } = welcomeCover;
  const course = welcomeCourse({ id, width: width ?? 1200, height: height ?? 675 });
  await seedCourse(db, author, course, welcomeCover.id);
  for (const user of users.filter(({ role }) => role === 'learner')) {
    await enrolMyself(db, user, course.slug);
    await study(db, user, course.slug, user.lessons);
  }
  await seedCourse(db, author, objectivesCourse, objectivesCover.id);
}

type SeededUser = (typeof PEOPLE)[number] & User;

async function seedPeople(db: Db): Promise<SeededUser[]> {
  const hash = await hashPassword(DEMO_PASSWORD);
  const users: SeededUser[] = [];
  for (const person of PEOPLE) {
    await db.query(
      `INSERT INTO users (email, name, role, password_hash) VALUES ($1, $2, $3::enum_users_role, $4)
       ON CONFLICT (tenant_id, email) DO UPDATE SET
         password_hash = coalesce(users.password_hash, excluded.password_hash)`,
      [person.email, person.name, person.role, hash],
    );
    const { id } = await db.one<{ id: string }>('SELECT u.id FROM users u WHERE u.email = $1', [
      person.email,
    ]);
    users.push({ ...person, id, grants: builtInRoles[person.role] });
  }
  return users;
}

/** Reads the first lessons of a course as the person would. */
async function study(db: Db, user: SeededUser, slug: string, lessons: number): Promise<void> {
  const { modules } = await readCoursePage(db, user, slug);
  const activities = modules.flatMap((module) => module.activities);
  for (const { id } of activities.slice(0, lessons)) {
    await saveProgress(db, user, id, { position: 1, seconds: 420, completed: true }, 'fr');
  }
}
