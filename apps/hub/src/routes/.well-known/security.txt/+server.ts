import { securityTxt } from '@preau/contract/securityTxt';
import { publisher } from '#lib/server/publisher.ts';
import { PREAU_PUBLIC_URL } from '$app/env/private';
import type { RequestHandler } from './$types.js';

export const GET: RequestHandler = () => {
  const hub = new URL(PREAU_PUBLIC_URL).origin;
  return new Response(securityTxt({ host: hub, hub, email: publisher.email }), {
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'max-age=3600' },
  });
};
