import 'server-only';
import { headers } from 'next/headers';

/** The nonce that server/headers.ts put into this request's policy. */
export async function nonce(): Promise<string | undefined> {
  return /'nonce-([^']+)'/.exec((await headers()).get('content-security-policy') ?? '')?.[1];
}
