import { decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { z } from 'zod';
import type { PublicKey } from './key.ts';

const CLOCK_TOLERANCE_SECONDS = 60;
const MAX_AGE_SECONDS = 600;

/** Why a token was refused. The reason is for the log; the caller always gets the same answer. */
export class IdentityError extends Error {
  override name = 'IdentityError';
}

const claimsSchema = z.union([
  z.object({ iss: z.enum(['hub', 'operator']), iat: z.number(), exp: z.number() }),
  z.object({
    iss: z.string().startsWith('instance:'),
    tenant: z.uuid(),
    release: z.string().max(100),
    iat: z.number(),
    exp: z.number(),
  }),
]);
export type Claims =
  | { service: 'hub' | 'operator' }
  | { service: 'instance'; instanceId: string; tenantId: string; release: string };

/** Finds the public key of a key id and says whose it is; `undefined` where it is unknown or revoked. */
export type KeyLookup = (
  kid: string,
) => Promise<{ key: PublicKey; issuer: string; tenant?: string } | undefined>;

/**
 * Verifies a token: EdDSA only, known key, the issuer and the tenant that the key belongs to, audience
 * `backend`, at most ten minutes old, clocks at most a minute apart.
 * @throws IdentityError
 */
export async function verifyToken(token: string, lookup: KeyLookup): Promise<Claims> {
  try {
    const { kid, alg } = decodeProtectedHeader(token);
    if (alg !== 'EdDSA' || !kid) throw new IdentityError('algorithm or key id refused');
    const owner = await lookup(kid);
    if (!owner) throw new IdentityError('unknown key');
    const { payload } = await jwtVerify(token, await importJWK(owner.key, 'EdDSA'), {
      algorithms: ['EdDSA'],
      audience: 'backend',
      issuer: owner.issuer,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      maxTokenAge: MAX_AGE_SECONDS,
      requiredClaims: ['iss', 'aud', 'iat', 'exp'],
    });
    const claims = claimsSchema.parse(payload);
    if (claims.exp - claims.iat > MAX_AGE_SECONDS) throw new IdentityError('lives too long');
    if (!('tenant' in claims)) return { service: claims.iss };
    if (claims.tenant !== owner.tenant) throw new IdentityError('key of another tenant');
    return {
      service: 'instance',
      instanceId: claims.iss.slice('instance:'.length),
      tenantId: claims.tenant,
      release: claims.release,
    };
  } catch (cause) {
    if (cause instanceof IdentityError) throw cause;
    throw new IdentityError('token refused', { cause });
  }
}
