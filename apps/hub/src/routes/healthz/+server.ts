import type { RequestHandler } from './$types.js';

/** The hub is ready as soon as it listens: what it shows depends on the backend, whether it runs does not. */
export const GET: RequestHandler = () =>
  Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } });
