import 'server-only';
import { type Client, createClient } from '@preau/contract/client';
import { instance } from './instance';

let client: Client | undefined;

/** The typed API, spoken as this instance. Add the person with `...visit.call`. */
export function backend(): Client {
  if (!client) {
    const { backendUrl, token, fetch } = instance();
    client = createClient({
      baseUrl: backendUrl,
      token,
      fetch,
      validate: process.env.NODE_ENV !== 'production',
    });
  }
  return client;
}
