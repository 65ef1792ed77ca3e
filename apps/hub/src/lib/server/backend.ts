import { readFileSync } from 'node:fs';
import { type CallOptions, type Client, createClient } from '@preau/contract';
import { createSigner, privateKeyFile } from '@preau/identity';
import { traced } from '@preau/telemetry';
import { BACKEND_URL, SERVICE_KEY_FILE } from '$app/env/private';

/** Longer than the slowest ordinary answer; streams are not bound by it once they began. */
const TIMEOUT_MS = 15_000;

let client: Client | undefined;

/** The hub's own client, without a person. */
export function backend(): Client {
  if (!client) {
    const signer = createSigner(privateKeyFile.parse(JSON.parse(readFileSync(SERVICE_KEY_FILE, 'utf8'))));
    client = createClient({
      baseUrl: BACKEND_URL,
      token: () => signer.token(),
      timeout: TIMEOUT_MS,
      fetch: traced(globalThis.fetch),
    });
  }
  return client;
}

/** The client on behalf of one visitor: every call carries the session, language and address given here. */
export function backendFor(caller: () => CallOptions): Client {
  return new Proxy({} as Client, {
    get(_, id: string) {
      const operation: unknown = Reflect.get(backend(), id);
      if (typeof operation !== 'function') return undefined;
      return (input?: object) => operation({ ...caller(), ...input });
    },
  });
}
