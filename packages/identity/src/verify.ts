import { errors, importJWK, jwtVerify } from 'jose';
import { z } from 'zod';
import type { PublicKey } from './key.ts';

/** How far the clocks of two machines may lie apart. */
const CLOCK_TOLERANCE_SECONDS = 60;
const MAX_AGE_SECONDS = 600;
/** An instance's token has some 500 characters. */
const MAX_TOKEN_LENGTH = 2_048;
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]{86}$/;

/**
 * Why a token was refused: it is none of ours by its looks, it is over, its key's owner did not sign it, or it claims
 * what its key does not stand for. `unknown-key` is also what was revoked or suspended.
 */
export type TokenFault = 'malformed' | 'unknown-key' | 'expired' | 'signature' | 'claims';

/** The reason is for the log; the caller always gets the same answer. */
export class IdentityError extends Error {
  override name = 'IdentityError';
  readonly fault: TokenFault;

  constructor(fault: TokenFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

/** Nothing else: no `jwk`, `jku`, `x5u` to bring its own key along, no `crit`, no `b64` (RFC 7515 4.1, RFC 8725). */
const headerSchema = z.strictObject({
  alg: z.literal('EdDSA'),
  kid: z.string().regex(/^[\w.:-]{1,100}$/),
});

const times = { aud: z.literal('backend'), iat: z.number(), exp: z.number() };
const claimsSchema = z.union([
  z.object({ iss: z.enum(['hub', 'operator']), ...times }),
  z.object({
    iss: z.string().startsWith('instance:'),
    tenant: z.uuid(),
    release: z.string().min(1).max(100),
    ...times,
  }),
]);
export type Claims =
  | { service: 'hub' | 'operator' }
  | { service: 'instance'; instanceId: string; tenantId: string; release: string };

/** What a key is bound to: nothing that its tokens say beyond that is believed. */
export interface KeyOwner {
  key: PublicKey;
  issuer: string;
  tenant?: string;
  /** `undefined` for keys that were registered before releases were bound. */
  release?: string | undefined;
}

/**
 * The key id that a token names, without believing it; undefined where the token is none of ours by its looks.
 * One token has one spelling: segments in canonical base64url, JSON as `JSON.stringify` writes it. So a name given
 * twice, which two parsers would read differently, is refused.
 */
export function keyIdOf(token: string): string | undefined {
  if (token.length > MAX_TOKEN_LENGTH || !TOKEN.test(token)) return undefined;
  const [head = '', body = '', signature = ''] = token.split('.');
  const header = headerSchema.safeParse(readSegment(head));
  if (!header.success || readSegment(body) === undefined) return undefined;
  return isCanonical(signature) ? header.data.kid : undefined;
}

function readSegment(segment: string): unknown {
  if (!isCanonical(segment)) return undefined;
  const text = Buffer.from(segment, 'base64url').toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The last character of base64 may carry bits that mean nothing (RFC 4648 3.5). */
const isCanonical = (segment: string) => Buffer.from(segment, 'base64url').toString('base64url') === segment;

/**
 * Verifies a token against the key that its key id names: EdDSA only, the issuer, the tenant and the release that
 * the key belongs to, audience `backend`, at most ten minutes old, clocks at most a minute apart.
 * @returns who it is, and until when (milliseconds since 1970) the token is good
 * @throws IdentityError
 */
export async function verifyToken(
  token: string,
  owner: KeyOwner | undefined,
): Promise<{ claims: Claims; goodUntil: number }> {
  const kid = keyIdOf(token);
  if (kid === undefined) throw new IdentityError('malformed', 'not a token of ours');
  if (!owner || owner.key.kid !== kid) throw new IdentityError('unknown-key', 'unknown key');
  try {
    const { payload } = await jwtVerify(token, await importJWK(owner.key, 'EdDSA'), {
      algorithms: ['EdDSA'],
      audience: 'backend',
      issuer: owner.issuer,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      maxTokenAge: MAX_AGE_SECONDS,
      requiredClaims: ['iss', 'aud', 'iat', 'exp'],
    });
    const claims = claimsSchema.parse(payload);
    if (claims.exp - claims.iat > MAX_AGE_SECONDS) throw new IdentityError('claims', 'lives too long');
    const goodUntil = (claims.exp + CLOCK_TOLERANCE_SECONDS) * 1_000;
    if (!('tenant' in claims)) return { claims: { service: claims.iss }, goodUntil };
    if (claims.tenant !== owner.tenant) throw new IdentityError('claims', 'key of another tenant');
    if (owner.release !== undefined && claims.release !== owner.release)
      throw new IdentityError('claims', 'key of another release');
    const instanceId = claims.iss.slice('instance:'.length);
    return {
      claims: { service: 'instance', instanceId, tenantId: claims.tenant, release: claims.release },
      goodUntil,
    };
  } catch (cause) {
    if (cause instanceof IdentityError) throw cause;
    throw new IdentityError(faultOf(cause), 'token refused', { cause });
  }
}

function faultOf(cause: unknown): TokenFault {
  if (cause instanceof errors.JWTExpired) return 'expired';
  if (cause instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  return 'claims';
}
