import { Secret, TOTP } from 'otpauth';

/** How long a code is shown. */
export const STEP_SECONDS = 30;
const SECRET_BYTES = 20;
/** Time steps by which a phone's clock may be off, each way. */
const WINDOW = 1;

const generator = (secret: string, shown: { issuer?: string; label?: string } = {}) =>
  new TOTP({ ...shown, secret: Secret.fromBase32(secret), period: STEP_SECONDS, digits: 6 });

/** A new secret in base32 (RFC 4226, 4: 160 bits). */
export function createTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** The `otpauth://` address that an app reads from a QR code. @param issuer what the app lists the code under */
export function totpUri(secret: string, issuer: string, email: string): string {
  return generator(secret, { issuer, label: email }).toString();
}

/**
 * The time step that a code belongs to, or null where it belongs to none near now or to one that has been used:
 * each code works once (RFC 6238, 5.2).
 * @param lastStep the last step whose code was accepted
 * @param now milliseconds since 1970
 */
export function acceptedStep(
  secret: string,
  code: string,
  lastStep: number | null,
  now: number,
): number | null {
  const drift = generator(secret).validate({ token: code, timestamp: now, window: WINDOW });
  if (drift === null) return null;
  const step = Math.floor(now / 1_000 / STEP_SECONDS) + drift;
  return lastStep !== null && step <= lastStep ? null : step;
}
