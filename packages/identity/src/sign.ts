import { importJWK, SignJWT } from 'jose';
import type { PrivateKeyFile } from './key.ts';

const LIFETIME_SECONDS = 600;
const RENEW_BEFORE_SECONDS = 120;

export interface Signer {
  /** A token that is valid for at least two more minutes. */
  token(): Promise<string>;
}

/**
 * Signs this process's tokens (EdDSA, RFC 8037), audience `backend`, ten minutes at most; a token is
 * reused until two minutes before its end.
 * @param claims what an instance is bound to: `tenant` (tenant id) and `release`; nothing for services
 */
export function createSigner(
  key: PrivateKeyFile,
  claims: { tenant: string; release: string } | Record<string, never> = {},
): Signer {
  const imported = importJWK(key.privateKey, 'EdDSA');
  let current: { token: string; expires: number } | undefined;
  let pending: Promise<string> | undefined;

  async function sign(): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const token = await new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'EdDSA', kid: key.kid })
      .setIssuer(key.issuer)
      .setAudience('backend')
      .setIssuedAt(now)
      .setExpirationTime(now + LIFETIME_SECONDS)
      .sign(await imported);
    current = { token, expires: now + LIFETIME_SECONDS };
    return token;
  }

  return {
    async token() {
      if (current && current.expires - Date.now() / 1000 > RENEW_BEFORE_SECONDS) return current.token;
      pending ??= sign().finally(() => {
        pending = undefined;
      });
      return pending;
    },
  };
}
