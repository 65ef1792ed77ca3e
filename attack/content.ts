/**
 * The content origin: what a customer's own address of a package, or one that ran out, opens of somebody else's. The
 * address is the only proof there is, so it is taken apart and put together again in every way.
 */
import { createHash, createHmac } from 'node:crypto';
import { CONTENT_LABEL } from '@preau/contract/contentOrigin';
import type pg from 'pg';
import { folderStore } from '../apps/backend/src/files/folder.ts';
import { contentKey } from '../apps/backend/src/files/key.ts';
import { type ContentClaims, signPath } from '../apps/backend/src/packages/address.ts';
import type { Attack } from './attack.ts';
import { nobodys } from './names.ts';
import { normalised, type Probe, send } from './probe.ts';
import type { Rows } from './rows.ts';
import { type Customer, digestOf, openSession, type World } from './world.ts';

const OPERATION = 'content address';
const FILE = 'index.html';
const PERSON = 'administrator';
const OVER_MS = 13 * 3_600_000;
const names = ['t', 'a', 'p', 'u', 's'] as const;
type Claims = Pick<ContentClaims, (typeof names)[number]>;

/** Puts a package into the customer's store, in an activity of a course that is published. */
export async function showPackage(
  { client, rows, folder }: { client: pg.Client; rows: Rows; folder: string },
  owner: Customer,
): Promise<void> {
  const bytes = Buffer.from(`<!doctype html><title>${owner.name}</title>`);
  const checksum = createHash('sha256').update(bytes).digest('hex');
  const key = contentKey(owner.tenantId, checksum, '', 'packages');
  await folderStore(folder).put(key, { bytes });
  const files = { [FILE]: { key, bytes: bytes.byteLength, type: 'text/html; charset=utf-8' } };
  const id = await rows.make(owner, 'content_packages', { checksum, files: JSON.stringify(files) });
  const { rowCount } = await client.query(
    `UPDATE activities SET package_id = $2 WHERE id = (
       SELECT a.id FROM activities a JOIN courses c ON c.published_version_id = a.version_id
       WHERE c.tenant_id = $1 ORDER BY a.id LIMIT 1)`,
    [owner.tenantId, id],
  );
  if (rowCount !== 1) throw new Error(`${owner.name} has no published activity`);
}

interface Address {
  /** The customer's content origin; a canary may have taken the place of its name. */
  host: string;
  claims: Claims;
  path: string;
}

/** What the player's frame would be given, for somebody who may see everything there. */
async function addressOf(world: World, customer: Customer, ends?: string): Promise<Address> {
  const { client } = world;
  const user = customer.people.get(PERSON) ?? '';
  const token = await openSession(client, 'user', { id: user, tenantId: customer.tenantId }, ends);
  const {
    rows: [row],
  } = await client.query<{ slug: string; a: string; p: string; s: string }>(
    `SELECT t.slug, a.id AS a, a.package_id AS p, s.id AS s
     FROM tenants t, user_sessions s, activities a JOIN courses c ON c.published_version_id = a.version_id
     WHERE t.id = $1 AND a.tenant_id = t.id AND a.package_id IS NOT NULL AND s.token_hash = $2
     ORDER BY a.id LIMIT 1`,
    [customer.tenantId, digestOf(token)],
  );
  if (!row) throw new Error(`${customer.name} shows no package`);
  const { slug, ...named } = row;
  const claims = { t: customer.tenantId, u: user, ...named };
  return { host: `${CONTENT_LABEL}${slug}.localhost:8080`, claims, path: sign(world, claims) };
}

const secretOf = ({ environment }: World) => environment.PAYLOAD_SECRET ?? '';
const sign = (world: World, claims: Claims, now?: number) => signPath(secretOf(world), claims, FILE, now);
const signatureIn = (path: string) => /^\/p\/[^/.]+\.([^/]*)\//.exec(path)?.[1] ?? '';

/** Signatures that somebody without the secret can come by. */
function forgeries(own: string, secret: string): Record<string, (text: string) => string> {
  const by = (key: string | Buffer) => (text: string) =>
    createHmac('sha256', key).update(text).digest('base64url');
  return {
    'own signature': () => signatureIn(own),
    'signature by nothing': by(''),
    'signature by the label': by('content addresses'),
    // What a leak of another derived key, or of the secret's use elsewhere, would give.
    'signature by the secret itself': by(secret),
    'empty signature': () => '',
    'signature of zeros': () => Buffer.alloc(32).toString('base64url'),
  };
}

export async function attackContent(attack: Attack): Promise<void> {
  const { world } = attack;
  const { attacker, victim, suspended } = world;
  const identity = attack.identities.find(({ name }) => name === 'anonymous');
  if (!identity) throw new Error('nobody is anonymous');
  const own = await addressOf(world, attacker);
  for (const { host, path } of [own, await addressOf(world, victim)]) {
    const served = await send(world.target.url, probeOf('own', host, path));
    if (served.status !== 200) attack.report.unreached.set(OPERATION, `${served.status} ${served.body}`);
  }
  const watch = attack.watch(identity);

  const refuse = async (way: string, host: string, path: string): Promise<string> => {
    await watch.begin();
    const probe = probeOf(way, host, path);
    const answer = await attack.probe(probe, identity);
    watch.note(probe);
    if (answer.status < 400) attack.find('believed', probe, `answered ${answer.status}`);
    return normalised(answer, path);
  };
  /** The same address with what is there, and with what is nowhere. */
  const pair = async (way: string, host: string, make: (claims: Claims) => string, claims: Claims) => {
    const [there, missing] = [make(claims), make(nowhere(claims, own.claims))];
    const told = await refuse(way, host, there);
    if (told === (await refuse(way, host, missing))) return;
    attack.find('tells', probeOf(way, host, there), 'answers differently for what does not exist');
  };

  for (const stranger of [victim, suspended]) {
    const theirs = await addressOf(world, stranger);
    await refuse('address that is over', theirs.host, sign(world, theirs.claims, Date.now() - OVER_MS));
    const ended = await addressOf(world, stranger, '-1 second');
    await refuse('address of an ended session', theirs.host, ended.path);
    for (const [index, mixed] of mixtures(own.claims, theirs.claims).entries()) {
      const isTheirs = names.every((name) => mixed[name] === theirs.claims[name]);
      for (const { host } of [own, theirs]) {
        for (const [way, forge] of Object.entries(forgeries(own.path, secretOf(world)))) {
          if (!attack.takes(OPERATION, stranger.name, host === own.host, way, index)) continue;
          const make = (claims: Claims) => {
            const text = /^\/p\/([^.]+)/.exec(sign(world, claims))?.[1] ?? '';
            return `/p/${text}.${forge(text)}/${FILE}`;
          };
          await pair(way, host, make, mixed);
        }
        // As if we had been made to sign it; whole, it is their own address, which opens their own door only.
        if (isTheirs && host === theirs.host && stranger !== suspended) continue;
        if (!attack.takes(OPERATION, stranger.name, host === own.host, 'genuine', index)) continue;
        await pair('mixed and signed', host, (claims) => sign(world, claims), mixed);
      }
    }
    const [root = ''] = /^\/p\/[^/]+\//.exec(own.path) ?? [];
    const [their = ''] = /^\/p\/[^/]+\//.exec(theirs.path) ?? [];
    for (const climb of ['../', '..%2f', '..%5c', '%2e%2e/', '....//'])
      for (const target of [
        `p/${their.slice(3).replace(/\..*/, '')}/${FILE}`,
        `files/${stranger.tenantId}/packages/`,
      ])
        await refuse('climbing', own.host, `${root}${climb.repeat(3)}${target}`);
    for (const name of ['__proto__', 'constructor', 'toString', '%00', '/etc/passwd', `//${FILE}`])
      await refuse('name of no file', own.host, root + name);
  }
  await watch.look();
}

const probeOf = (way: string, host: string, target: string): Probe => ({
  operation: OPERATION,
  identity: 'anonymous',
  way,
  method: 'GET',
  target,
  headers: { host },
});

/** Every way of putting some of their claims in the place of one's own; the first is all of theirs. */
function mixtures(own: Claims, theirs: Claims): Claims[] {
  return Array.from({ length: 2 ** names.length - 1 }, (_, index) => {
    const mixed = { ...own };
    for (const [bit, name] of names.entries()) if (!(index & (1 << bit))) mixed[name] = theirs[name];
    return mixed;
  });
}

/** What of it is somebody else's, exchanged for what is nobody's. */
function nowhere(claims: Claims, own: Claims): Claims {
  const missing = { ...claims };
  for (const name of names) if (claims[name] !== own[name]) missing[name] = nobodys(claims[name]);
  return missing;
}
