import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { OperationId } from '@preau/contract';
import { type InstanceCaller, nobodysOwn, type UserCaller } from '../http/caller.ts';

/** Tells a probe's token from a person's without asking the database. */
export const PROBE_PREFIX = 'probe.';
const LIFETIME_MS = 2 * 60_000;
const TOKEN = /^probe\.([0-9a-z]{1,9})\.([\w-]{43})$/;

/** All that a probe may ask for: what a course's pages show, and nothing of any person. */
const READS: ReadonlySet<string> = new Set([
  'getMe',
  'getSite',
  'listCourses',
  'getCourse',
  'getActivity',
] satisfies OperationId[]);

export const mayProbe = (operation: { id?: string }): boolean =>
  operation.id !== undefined && READS.has(operation.id);

type Of = Pick<InstanceCaller, 'instanceId' | 'tenantId'>;

/** Signed and not stored: it opens one platform's course pages for two minutes, through that platform only. */
export function signProbe(secret: string, of: Of, now = Date.now()): { token: string; expiresAt: string } {
  const expires = now + LIFETIME_MS;
  const until = expires.toString(36);
  return {
    token: `${PROBE_PREFIX}${until}.${macOf(secret, of, until)}`,
    expiresAt: new Date(expires).toISOString(),
  };
}

/** Whom a probe's token stands for: nobody whom the platform knows, with nothing of their own; undefined where it is not valid. */
export function readProbe(
  secret: string,
  of: Of,
  token: string,
  now = Date.now(),
): Pick<UserCaller, 'sessionId' | 'user' | 'probe'> | undefined {
  const [, until = '', mac = ''] = TOKEN.exec(token) ?? [];
  const left = Number.parseInt(until, 36) - now;
  if (!(left > 0 && left <= LIFETIME_MS)) return undefined;
  if (!timingSafeEqual(Buffer.from(mac), Buffer.from(macOf(secret, of, until)))) return undefined;
  const user = {
    id: of.instanceId,
    email: 'probe',
    name: 'Préau',
    role: 'learner' as const,
    grants: { 'course.read': ['all' as const] },
    ...nobodysOwn,
  };
  return { sessionId: 'probe', user, probe: true };
}

function macOf(secret: string, { instanceId, tenantId }: Of, until: string): string {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'preau probe', 32));
  return createHmac('sha256', key).update([instanceId, tenantId, until].join('\0')).digest('base64url');
}
