import 'server-only';
import { type Client, createClient } from '@preau/contract/client';
import { type Instance, instance } from './instance';

/** Of the instance that it speaks as: a process draws its first pages for nobody, before it is somebody's. */
let known: { speaker: Instance; client: Client } | undefined;

/** The typed API, spoken as this instance. Add the person with `...visit.call`. */
export function backend(): Client {
  const speaker = instance();
  if (known?.speaker !== speaker) {
    const { backendUrl, token, fetch } = speaker;
    const validate = process.env.NODE_ENV !== 'production';
    known = { speaker, client: createClient({ baseUrl: backendUrl, token, fetch, validate, timeout: 0 }) };
  }
  return known.client;
}
