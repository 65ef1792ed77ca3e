import type { BodyOf, ResponseOf } from '@preau/contract';
import type {
  acceptMemberInvitation,
  inviteMember,
  listMembers,
  Organisation,
  updateMember,
} from '@preau/contract/platform/organisations';
import { hubPages } from '../accounts/hubPages.ts';
import { record } from '../audit/record.ts';
import { accounts } from '../authentication/realm.ts';
import { endSessions, requireConfirmed } from '../authentication/session.ts';
import type { Db } from '../database/db.ts';
import type { AccountCaller } from '../http/caller.ts';
import { found, refuse } from '../http/problem.ts';
import { digestOf, newSecret } from '../http/secret.ts';
import { organisationInvitation } from '../mail/hubLetters.ts';
import { house } from '../mail/letter.ts';
import { post } from '../mail/post.ts';
import { readOrganisation } from './identity.ts';
import { GOVERNING, type OrganisationRole, requireMember } from './membership.ts';

const INVITATION_DAYS = 7;

type Team = ResponseOf<typeof listMembers>;
type Member = Team['items'][number];
type Invitation = Team['invitations'][number];
type Dated<T, K extends keyof T> = Omit<T, K> & Record<K, Date>;

const MEMBER = `
SELECT m.account_id AS "accountId", a.name, a.email, m.role, m.created_at AS since,
  a.totp_confirmed_at IS NOT NULL OR EXISTS (SELECT 1 FROM account_passkeys k WHERE k.account_id = a.id) AS "secondFactor"
FROM organisation_members m JOIN accounts a ON a.id = m.account_id
WHERE m.organisation_id = $1`;

const presentMember = (row: Dated<Member, 'since'>): Member => ({ ...row, since: row.since.toISOString() });
const presentInvitation = (row: Dated<Invitation, 'expiresAt'>): Invitation => ({
  ...row,
  expiresAt: row.expiresAt.toISOString(),
});

export async function readTeam(db: Db, caller: AccountCaller, organisationId: string): Promise<Team> {
  const role = await requireMember(db, caller, organisationId);
  const members = await db.query<Dated<Member, 'since'>>(`${MEMBER} ORDER BY m.created_at, a.email`, [
    organisationId,
  ]);
  const invitations = await db.query<Dated<Invitation, 'expiresAt'>>(
    `SELECT id, email, role, expires_at AS "expiresAt" FROM organisation_invitations
     WHERE organisation_id = $1 AND NOT accepted AND expires_at > now() ORDER BY created_at`,
    [organisationId],
  );
  const governs = GOVERNING.includes(role);
  const items = members.map(presentMember).map((row) => (governs ? row : { ...row, secondFactor: null }));
  return { items, invitations: invitations.map(presentInvitation) };
}

/** Invites by mail; repeating renews the invitation. Only an owner makes owners, and has just proved to be one. */
export async function invite(
  db: Db,
  publicUrl: string,
  caller: AccountCaller,
  organisationId: string,
  { email, role }: BodyOf<typeof inviteMember>,
): Promise<Invitation> {
  const own = await requireMember(db, caller, organisationId, GOVERNING);
  if (role === 'owner') {
    if (own !== 'owner') refuse('forbidden');
    await requireConfirmed(db, accounts, caller.sessionId);
  }
  return db.transaction(async (tx) => {
    const member = await tx.maybe(`${MEMBER} AND a.email = $2`, [organisationId, email]);
    if (member) refuse('already-exists', { name: email });
    await tx.query(
      `DELETE FROM organisation_invitations WHERE organisation_id = $1 AND email = $2 AND NOT accepted`,
      [organisationId, email],
    );
    const token = newSecret();
    const row = await tx.one<Dated<Invitation, 'expiresAt'>>(
      `INSERT INTO organisation_invitations (organisation_id, email, role, token_hash, expires_at, invited_by_id, accepted)
       VALUES ($1, $2, $3, $4, now() + make_interval(days => $5), $6, false)
       RETURNING id, email, role, expires_at AS "expiresAt"`,
      [organisationId, email, role, digestOf(token), INVITATION_DAYS, caller.account.id],
    );
    const { name } = await tx.one<{ name: string }>('SELECT name FROM organisations WHERE id = $1', [
      organisationId,
    ]);
    const { locale } = caller.account;
    await post(tx, {
      to: email,
      locale,
      sender: house,
      letter: organisationInvitation(locale, {
        url: hubPages(publicUrl, locale).invitation(token),
        organisation: name,
        inviter: caller.account.name,
        days: INVITATION_DAYS,
      }),
    });
    await record(tx, {
      action: 'member.invited',
      target: row.id,
      organisationId,
      details: { role },
      email,
    });
    return presentInvitation(row);
  });
}

export async function revokeInvitation(
  db: Db,
  caller: AccountCaller,
  { organisationId, invitationId }: { organisationId: string; invitationId: string },
): Promise<void> {
  await requireMember(db, caller, organisationId, GOVERNING);
  found(
    await db.maybe(
      `DELETE FROM organisation_invitations WHERE id = $1 AND organisation_id = $2 AND NOT accepted RETURNING id`,
      [invitationId, organisationId],
    ),
  );
}

/** Joins by the mailed token. A forwarded mail is of no use: the address must be the invited one. */
export async function acceptInvitation(
  db: Db,
  caller: AccountCaller,
  { token }: BodyOf<typeof acceptMemberInvitation>,
): Promise<Organisation> {
  return db.transaction(async (tx) => {
    const invitation = found(
      await tx.maybe<{ id: string; organisationId: string; email: string; role: OrganisationRole }>(
        `SELECT id, organisation_id AS "organisationId", email, role FROM organisation_invitations
         WHERE token_hash = $1 AND NOT accepted AND expires_at > now() FOR UPDATE`,
        [digestOf(token)],
      ),
      'token-invalid',
    );
    if (invitation.email !== caller.account.email) refuse('forbidden');
    await tx.query('UPDATE organisation_invitations SET accepted = true, updated_at = now() WHERE id = $1', [
      invitation.id,
    ]);
    await tx.query(
      `INSERT INTO organisation_members (organisation_id, account_id, role) VALUES ($1, $2, $3)
       ON CONFLICT (organisation_id, account_id) DO NOTHING`,
      [invitation.organisationId, caller.account.id, invitation.role],
    );
    await record(tx, {
      action: 'member.joined',
      target: caller.account.id,
      organisationId: invitation.organisationId,
      details: { role: invitation.role },
    });
    return readOrganisation(tx, caller, invitation.organisationId);
  });
}

interface MemberPlace {
  organisationId: string;
  accountId: string;
}

export async function changeRole(
  db: Db,
  caller: AccountCaller,
  { organisationId, accountId }: MemberPlace,
  { role }: BodyOf<typeof updateMember>,
): Promise<Member> {
  await requireMember(db, caller, organisationId, ['owner']);
  await requireConfirmed(db, accounts, caller.sessionId);
  return db.transaction(async (tx) => {
    await keepAnOwner(tx, organisationId, accountId, role);
    found(
      await tx.maybe(
        `UPDATE organisation_members SET role = $3, updated_at = now()
         WHERE organisation_id = $1 AND account_id = $2 RETURNING id`,
        [organisationId, accountId, role],
      ),
    );
    await record(tx, {
      action: 'member.role-changed',
      target: accountId,
      organisationId,
      details: { role },
    });
    // What was open under the old role ends; whoever changes their own goes on in this browser.
    await endSessions(tx, accounts, accountId, caller.sessionId);
    return presentMember(
      await tx.one<Dated<Member, 'since'>>(`${MEMBER} AND m.account_id = $2`, [organisationId, accountId]),
    );
  });
}

export async function removeMember(
  db: Db,
  caller: AccountCaller,
  { organisationId, accountId }: MemberPlace,
): Promise<void> {
  const self = accountId === caller.account.id;
  await requireMember(db, caller, organisationId, self ? undefined : ['owner'], { leaving: self });
  if (!self) await requireConfirmed(db, accounts, caller.sessionId);
  await db.transaction(async (tx) => {
    await keepAnOwner(tx, organisationId, accountId, null);
    found(
      await tx.maybe(
        'DELETE FROM organisation_members WHERE organisation_id = $1 AND account_id = $2 RETURNING id',
        [organisationId, accountId],
      ),
    );
    await record(tx, {
      action: 'member.removed',
      target: accountId,
      organisationId,
    });
  });
}

/**
 * Signs somebody of the team out of every device, such as one that was lost. They may sign in again.
 * @throws Problem `not-found`, `forbidden` or `confirmation-needed`
 */
export async function endMemberSessions(
  db: Db,
  caller: AccountCaller,
  { organisationId, accountId }: MemberPlace,
): Promise<void> {
  await requireMember(db, caller, organisationId, ['owner']);
  await requireConfirmed(db, accounts, caller.sessionId);
  await db.transaction(async (tx) => {
    found(
      await tx.maybe(
        'SELECT 1 FROM organisation_members WHERE organisation_id = $1 AND account_id = $2 FOR SHARE',
        [organisationId, accountId],
      ),
    );
    // Whoever means themselves goes on in this browser.
    await endSessions(tx, accounts, accountId, caller.sessionId);
    await record(tx, { action: 'member.signed-out', target: accountId, organisationId });
  });
}

/** Refuses to leave an organisation without an owner, also where two leave at once. */
async function keepAnOwner(
  tx: Db,
  organisationId: string,
  accountId: string,
  next: OrganisationRole | null,
): Promise<void> {
  if (next === 'owner') return;
  const owners = await tx.query<{ accountId: string }>(
    `SELECT account_id AS "accountId" FROM organisation_members
     WHERE organisation_id = $1 AND role = 'owner' ORDER BY id FOR UPDATE`,
    [organisationId],
  );
  if (owners.length === 1 && owners[0]?.accountId === accountId) refuse('last-owner');
}
