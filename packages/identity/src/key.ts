import { exportJWK, generateKeyPair } from 'jose';
import { z } from 'zod';

/** An Ed25519 public key as a JWK (RFC 8037) with its key id. */
export const publicKey = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().min(40).max(64),
  kid: z.string().min(1).max(100),
});
export type PublicKey = z.infer<typeof publicKey>;

/** What a process holds to sign its tokens: a file of mode 0600, or an environment variable read once. */
export const privateKeyFile = z.object({
  /** `hub`, `operator` or `instance:<instance id>`. */
  issuer: z.string().regex(/^(hub|operator|instance:[0-9a-f-]{36})$/),
  kid: z.string().min(1).max(100),
  privateKey: z.object({
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    x: z.string(),
    d: z.string(),
  }),
});
export type PrivateKeyFile = z.infer<typeof privateKeyFile>;

/** Makes a new Ed25519 key for an issuer. */
export async function generateKey(issuer: string, kid: string): Promise<PrivateKeyFile> {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const { kty, crv, x, d } = await exportJWK(pair.privateKey);
  return privateKeyFile.parse({ issuer, kid, privateKey: { kty, crv, x, d } });
}

/** The public half, which the backend registers. */
export function publicKeyOf({ kid, privateKey: { kty, crv, x } }: PrivateKeyFile): PublicKey {
  return { kty, crv, x, kid };
}
