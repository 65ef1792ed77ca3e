import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { builtInRoles } from '@preau/contract';
import { hashPassword } from '../authentication/password.ts';
import type { Db } from '../database/db.ts';
import { Problem } from '../http/problem.ts';
import { invitePeople } from '../people/change.ts';
import type { User } from '../policies/viewer.ts';
import { lastMail, type TestTenants, testTenants, testUser } from '../testing/tenants.ts';
import { circleSettings, inside, signInByPassword, somewhere } from '../testing/users.ts';
import { ensureAdministrator, issueHandoff } from './administrator.ts';
import { userCircle } from './circle.ts';
import * as invitations from './invitation.ts';
import { updateMe } from './profile.ts';
import { register } from './register.ts';
import * as ways from './signIn.ts';

const refused = (type: string) => (error: unknown) => error instanceof Problem && error.type === type;
const URL = 'http://localhost:8080';
const PASSWORD = 'un-mot-de-passe-long';
const OTHER = 'un-autre-mot-de-passe';

const { mailPasswordReset, mailSignInLink } = ways;
const { describeInvitation } = invitations;
const circle = (db: Db) => userCircle(db, circleSettings);
const signIn = signInByPassword;
const redeemLink = async (db: Db, token: string) =>
  inside(db, await ways.redeemLink(await circle(db), token, somewhere));
const redeemHandoff = async (db: Db, token: string) =>
  inside(db, await ways.redeemHandoff(await circle(db), token, somewhere));
const resetPassword = async (db: Db, token: string, password: string) =>
  inside(db, await ways.resetPassword(await circle(db), { token, password }, somewhere));
const acceptInvitation = async (
  db: Db,
  platform: Db,
  acceptance: Parameters<typeof invitations.acceptInvitation>[2],
) => inside(db, await invitations.acceptInvitation(await circle(db), platform, acceptance, somewhere));

describe('ways in', () => {
  let tenants: TestTenants;
  let ines: User & { name: string; email: string };
  before(async () => {
    tenants = await testTenants();
    ines = await testUser(tenants.db, 'Ines', 'learner');
    await tenants.db.query('UPDATE users SET password_hash = $2 WHERE id = $1', [
      ines.id,
      await hashPassword(PASSWORD),
    ]);
  });
  after(() => tenants.close());
  const mailTo = async (to: string) =>
    (await lastMail(tenants.platform, to)) ?? assert.fail(`no mail to ${to}`);

  test('a password opens a session of this platform only', async () => {
    const { db, neighbour } = tenants;
    const session = await signIn(db, ines.email, PASSWORD);
    assert.deepEqual(session.user, {
      id: ines.id,
      email: ines.email,
      name: 'Ines',
      role: 'learner',
      locale: 'fr',
      customRole: null,
      grants: {},
      hasPassword: true,
      factorDue: null,
    });
    const stored = await db.query<{ token_hash: string }>('SELECT token_hash FROM user_sessions');
    assert.ok(stored.every(({ token_hash }) => !token_hash.includes(session.token)));
    await assert.rejects(signIn(neighbour, ines.email, PASSWORD), refused('wrong-credentials'));
  });

  test('wrong password, unknown, disabled and passwordless people get one answer', async () => {
    const { db } = tenants;
    const off = await testUser(db, 'Off', 'learner');
    await db.query(`UPDATE users SET status = 'disabled', password_hash = $2 WHERE id = $1`, [
      off.id,
      await hashPassword(PASSWORD),
    ]);
    await testUser(db, 'Sans', 'learner');
    for (const [email, password] of [
      [ines.email, 'faux'],
      ['personne@exemple.test', PASSWORD],
      [off.email, PASSWORD],
      ['sans@exemple.test', ''],
    ] as const) {
      await assert.rejects(signIn(db, email, password), refused('wrong-credentials'), email);
    }
  });

  test('a mailed link works once, and nobody learns who is known', async () => {
    const { db, platform } = tenants;
    assert.equal(await mailSignInLink(db, URL, 'personne@exemple.test'), undefined);
    assert.equal(await lastMail(platform, 'personne@exemple.test'), undefined);
    await mailSignInLink(db, URL, ines.email);
    const first = await mailTo(ines.email);
    await mailSignInLink(db, URL, ines.email);
    const { token, kind } = await mailTo(ines.email);
    assert.equal(kind, 'sign-in-link');
    await assert.rejects(redeemLink(db, first.token), refused('token-invalid'));
    await assert.rejects(redeemLink(tenants.neighbour, token), refused('token-invalid'));
    const tries = await Promise.allSettled([1, 2, 3].map(() => redeemLink(db, token)));
    assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1);
  });

  test('a reset refuses weak passwords without using the link up, and ends every session', async () => {
    const { db } = tenants;
    await signIn(db, ines.email, PASSWORD);
    await mailPasswordReset(db, URL, ines.email);
    const { token } = await mailTo(ines.email);
    await assert.rejects(resetPassword(db, token, 'motdepasse'), refused('password-too-weak'));
    await resetPassword(db, token, OTHER);
    await assert.rejects(resetPassword(db, token, OTHER), refused('token-invalid'));
    await assert.rejects(signIn(db, ines.email, PASSWORD), refused('wrong-credentials'));
    const { count } = await db.one<{ count: number }>(
      'SELECT count(*)::int AS count FROM user_sessions WHERE user_id = $1',
      [ines.id],
    );
    assert.equal(count, 1);
  });

  test('a profile has a name and a language', async () => {
    const me = await updateMe(tenants.db, ines.id, { name: 'Inès', locale: 'en' });
    assert.deepEqual([me.name, me.locale], ['Inès', 'en']);
  });

  test('registration waits for the address, and does not tell who is known', async () => {
    const { db, platform } = tenants;
    const newcomer = {
      email: 'nouveau@exemple.test',
      name: 'Nouveau',
      password: PASSWORD,
      locale: 'fr' as const,
    };
    await assert.rejects(register(db, platform, URL, newcomer), refused('registration-closed'));
    await db.query(`UPDATE site_settings SET registration = 'open'`);
    await register(db, platform, URL, newcomer);
    await assert.rejects(signIn(db, newcomer.email, PASSWORD), refused('wrong-credentials'));
    const { token, kind } = await mailTo(newcomer.email);
    assert.equal(kind, 'confirm-registration');
    await redeemLink(db, token);
    assert.equal((await signIn(db, newcomer.email, PASSWORD)).user.role, 'learner');
    await register(db, platform, URL, { ...newcomer, password: OTHER, name: 'Voleur' });
    assert.equal((await mailTo(newcomer.email)).kind, 'already-registered');
    assert.equal((await signIn(db, newcomer.email, PASSWORD)).user.name, 'Nouveau');
  });

  test('an invitation makes one user with its role, once', async () => {
    const { db, platform } = tenants;
    const inviter = { ...ines, name: 'Inès', grants: builtInRoles.administrator };
    const body = { emails: ['marc@exemple.test', ines.email], role: 'trainer' as const };
    const report = await invitePeople(db, platform, URL, inviter, body, 'fr');
    assert.deepEqual(report.items, [
      { email: 'marc@exemple.test', outcome: 'invited' },
      { email: ines.email, outcome: 'known' },
    ]);
    const { token } = await mailTo('marc@exemple.test');
    assert.deepEqual(await describeInvitation(db, token), {
      customRole: null,
      email: 'marc@exemple.test',
      role: 'trainer',
      invitedBy: 'Inès',
      courseTitle: null,
    });
    const acceptance = { token, name: 'Marc', password: PASSWORD, locale: 'fr' as const };
    await assert.rejects(acceptInvitation(tenants.neighbour, platform, acceptance), refused('token-invalid'));
    await assert.rejects(
      acceptInvitation(db, platform, { ...acceptance, password: '123456789012' }),
      refused('password-too-weak'),
    );
    const tries = await Promise.allSettled([1, 2].map(() => acceptInvitation(db, platform, acceptance)));
    const [won] = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.equal(won?.user.role, 'trainer');
    await assert.rejects(describeInvitation(db, token), refused('token-invalid'));
  });

  test('the hub hands its customer over once, within a minute', async () => {
    const { db } = tenants;
    const claire = { email: 'claire@atelier.test', name: 'Claire', locale: 'fr' as const };
    assert.equal((await ensureAdministrator(db, claire)).created, true);
    assert.equal((await ensureAdministrator(db, claire)).created, false);
    const { token, expiresAt } = await issueHandoff(db, claire);
    // The database rounds to the millisecond, upwards too.
    assert.ok(expiresAt.getTime() - Date.now() <= 60_001);
    await assert.rejects(redeemLink(db, token), refused('token-invalid'));
    assert.equal((await redeemHandoff(db, token)).user.role, 'administrator');
    await assert.rejects(redeemHandoff(db, token), refused('token-invalid'));
    const late = await issueHandoff(db, claire);
    await db.query(`UPDATE user_tokens SET expires_at = now() - interval '1 second'`);
    await assert.rejects(redeemHandoff(db, late.token), refused('token-invalid'));
  });
});
