/** Everybody who tries: who they say they are, and how far their word must not reach. */
import { randomUUID } from 'node:crypto';
import { builtInRoles as declaredRoles, type Grants, holds, type Needed } from '@preau/contract';
import { generateKey, type PrivateKeyFile } from '@preau/identity';
import { importJWK, SignJWT } from 'jose';
import { z } from 'zod';
import { armFactor, type Customer, openSession, RELEASE, type World } from './world.ts';

export interface Identity {
  name: string;
  /** What the document's identity and permission would have to be for this caller to be let in. */
  admits(operation: { id: string; identity: string; permission?: Needed | undefined }): boolean;
  /** Nothing that this caller sends may be believed. */
  refused: boolean;
  /** Where a caller who is let in elsewhere may not be believed. */
  refusedAt?: (operation: { id: string; identity: string }) => boolean;
  /** Whose ids it has honestly. */
  home: 'attacker' | 'victim';
  /**
   * What is foreign to it: `everything` of the other customers; `tenants` where the caller may see the platform's
   * own tables; `others` for somebody within the victim's tenant, to whom other people's rows are foreign.
   */
  foreign: 'everything' | 'tenants' | 'others';
  /** Only what it may read is tried: whatever it changes, it may. */
  readsOnly?: boolean;
  headers(): Promise<Record<string, string>>;
  /** The person behind it, whose account the attack sets right again after each operation. */
  person?: { table: 'users' | 'accounts' | 'staff'; id: string; role?: string };
}

const probeAnswer = z.object({ token: z.string() });
/** What a probe may read; said here a second time on purpose. */
const PROBED = ['getMe', 'getSite', 'listCourses', 'getCourse', 'getActivity'];
const TENANT_KINDS = ['instance', 'visitor', 'user'];
const builtInRoles: Record<string, Grants> = declaredRoles;
const seconds = () => Math.floor(Date.now() / 1000);
const never = () => false;

/** A token as the attacker would make it: signed by whatever key he holds, claiming whatever he likes. */
async function forge(
  key: PrivateKeyFile,
  claims: Record<string, unknown>,
  header: Record<string, unknown> = {},
): Promise<string> {
  const now = seconds();
  return new SignJWT({ iss: key.issuer, aud: 'backend', iat: now, exp: now + 600, ...claims })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, ...header })
    .sign(await importJWK(key.privateKey, 'EdDSA'));
}

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

export async function makeIdentities(world: World): Promise<Identity[]> {
  const { client, attacker, victim, suspended, hub, operator } = world;
  const bearer = async (token: string | Promise<string>) => ({ authorization: `Bearer ${await token}` });
  const sessionOf = async (customer: Customer, role: string, ends?: string) =>
    openSession(client, 'user', { id: customer.people.get(role) ?? '', tenantId: customer.tenantId }, ends);
  const roles = [...attacker.people.keys()];
  const strongest = roles.includes('administrator') ? 'administrator' : (roles.at(-1) ?? '');
  const account = { table: 'accounts', id: attacker.rows.get('accounts')?.[0] ?? '' } as const;
  const staff = { table: 'staff', id: attacker.rows.get('staff')?.[0] ?? '' } as const;
  const bound = (customer: Customer) => ({ tenant: customer.tenantId, release: RELEASE });
  const stranger = await generateKey(victim.key.issuer, victim.key.kid);
  const revoked = await generateKey(victim.key.issuer, `victime-revoked-${randomUUID()}`);
  await client.query(
    `INSERT INTO instance_keys (instance_id, kid, x, release, revoked_at) VALUES ($1, $2, $3, $4, now())`,
    [victim.instanceId, revoked.kid, revoked.privateKey.x, RELEASE],
  );

  const personal = (kind: string, roleOf: string) => (operation: Parameters<Identity['admits']>[0]) =>
    operation.identity === kind || (kind === 'user' && TENANT_KINDS.includes(operation.identity))
      ? operation.identity !== 'user' || holds(builtInRoles[roleOf] ?? {}, operation.permission ?? 'everyone')
      : false;

  const honest: Identity[] = [
    {
      name: 'anonymous',
      admits: ({ identity }) => identity === 'public',
      refused: false,
      home: 'attacker',
      foreign: 'everything',
      headers: async () => ({}),
    },
    {
      name: 'another tenant’s instance',
      admits: ({ identity }) => identity === 'instance' || identity === 'visitor',
      refused: false,
      home: 'attacker',
      foreign: 'everything',
      headers: () => bearer(attacker.signer.token()),
    },
    ...roles.map(
      (role): Identity => ({
        name: `${role} of another tenant`,
        admits: personal('user', role),
        refused: false,
        home: 'attacker',
        foreign: 'everything',
        person: { table: 'users', id: attacker.people.get(role) ?? '', role },
        headers: async () => ({
          ...(await bearer(attacker.signer.token())),
          'preau-session': await sessionOf(attacker, role),
        }),
      }),
    ),
    {
      name: 'account of another organisation',
      admits: ({ identity }) => identity === 'account',
      refused: false,
      home: 'attacker',
      foreign: 'everything',
      person: account,
      headers: async () => ({
        ...(await bearer(hub.token())),
        'preau-session': await openSession(client, 'account', account),
      }),
    },
    ...roles.map(
      (role): Identity => ({
        readsOnly: role === strongest,
        name: `${role} within the victim’s tenant`,
        admits: personal('user', role),
        refused: false,
        home: 'victim',
        foreign: 'others',
        person: { table: 'users', id: victim.people.get(role) ?? '', role },
        headers: async () => ({
          ...(await bearer(victim.signer.token())),
          'preau-session': await sessionOf(victim, role),
        }),
      }),
    ),
  ];

  const probe = async () => {
    const answer = await fetch(`${world.target.url}/v1/operator/instances/${victim.instanceId}/probes`, {
      method: 'POST',
      headers: await bearer(operator.token()),
    });
    return probeAnswer.parse(await answer.json()).token;
  };
  honest.push({
    readsOnly: true,
    name: 'the operator’s probe within the victim’s tenant',
    admits: ({ id }) => PROBED.includes(id),
    refusedAt: ({ id, identity }) => ['user', 'visitor'].includes(identity) && !PROBED.includes(id),
    refused: false,
    home: 'victim',
    foreign: 'others',
    headers: async () => ({
      ...(await bearer(victim.signer.token())),
      'preau-session': await probe(),
    }),
  });

  const stolen = (name: string, token: () => string | Promise<string>, session = true): Identity => ({
    name,
    admits: never,
    refused: true,
    home: 'attacker',
    foreign: 'everything',
    headers: async () => ({
      ...(await bearer(token())),
      ...(session ? { 'preau-session': await sessionOf(victim, strongest) } : {}),
    }),
  });
  const now = seconds();
  const impostors: Identity[] = [
    stolen('expired token', () => forge(victim.key, { ...bound(victim), iat: now - 900, exp: now - 300 })),
    stolen('token of an hour', () =>
      forge(victim.key, { ...bound(victim), iat: now - 3_000, exp: now + 600 }),
    ),
    stolen('token for another audience', () => forge(victim.key, { ...bound(victim), aud: 'hub' })),
    stolen('token of another release', () => forge(victim.key, { ...bound(victim), release: 'another' })),
    stolen('revoked key', () => forge(revoked, bound(victim))),
    stolen('forged signature', () => forge(stranger, bound(victim))),
    stolen('own key, victim’s tenant', () => forge(attacker.key, bound(victim))),
    stolen('own key, victim’s issuer and tenant', () =>
      forge(attacker.key, { ...bound(victim), iss: victim.key.issuer }),
    ),
    stolen('own key, the hub’s name', () => forge(attacker.key, { iss: 'hub' })),
    stolen('own key under the victim’s kid', () =>
      forge(attacker.key, bound(victim), { kid: victim.key.kid }),
    ),
    stolen('no algorithm', () => {
      const claims = {
        iss: victim.key.issuer,
        aud: 'backend',
        iat: seconds(),
        exp: seconds() + 600,
        ...bound(victim),
      };
      return `${encoded({ alg: 'none', kid: victim.key.kid })}.${encoded(claims)}.`;
    }),
    stolen('suspended instance', () => suspended.signer.token(), false),
    {
      ...stolen('platform’s token with a stolen session', () => hub.token()),
      refused: false,
      admits: ({ identity }) => ['hub', 'service', 'public'].includes(identity),
      foreign: 'tenants',
    },
    {
      ...stolen('operator’s token with a stolen session', () => operator.token()),
      refused: false,
      admits: ({ identity }) => ['operator', 'service', 'public'].includes(identity),
      foreign: 'tenants',
    },
    {
      ...stolen('staff without consent', () => hub.token(), false),
      refused: false,
      admits: ({ identity }) => ['staff', 'hub', 'service', 'public'].includes(identity),
      foreign: 'tenants',
      person: staff,
      headers: async () => ({
        ...(await bearer(hub.token())),
        'preau-session': await openSession(client, 'staff', staff),
      }),
    },
    {
      ...stolen('victim’s session at another door', () => attacker.signer.token()),
      refused: false,
      refusedAt: ({ identity }) => identity === 'user',
      admits: ({ identity }) => identity === 'instance' || identity === 'visitor',
      headers: async () => {
        const session = await sessionOf(victim, strongest);
        // The victim is there: what the server remembers of the session must not help the thief.
        const own = { ...(await bearer(victim.signer.token())), 'preau-session': session };
        await fetch(`${world.target.url}/v1/me`, { headers: own }).then((response) => response.arrayBuffer());
        return { ...own, ...(await bearer(attacker.signer.token())) };
      },
    },
    {
      ...stolen('the victim’s probe at another door', () => attacker.signer.token()),
      refused: false,
      refusedAt: ({ identity }) => identity === 'user',
      admits: ({ identity }) => identity === 'instance' || identity === 'visitor',
      headers: async () => ({
        ...(await bearer(attacker.signer.token())),
        'preau-session': await probe(),
      }),
    },
    {
      ...stolen('ended session', () => attacker.signer.token()),
      refused: false,
      refusedAt: ({ identity }) => identity === 'user',
      admits: ({ identity }) => identity === 'instance' || identity === 'visitor',
      headers: async () => ({
        ...(await bearer(attacker.signer.token())),
        'preau-session': await sessionOf(attacker, strongest, '-1 second'),
      }),
    },
  ];
  for (const { person } of [...honest, ...impostors]) if (person) await armFactor(world, person);
  return [...honest, ...impostors];
}
