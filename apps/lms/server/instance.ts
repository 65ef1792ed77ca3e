import { AsyncLocalStorage } from 'node:async_hooks';
import type { ServerResponse } from 'node:http';
import { createSigner } from '@preau/identity';
import { traced } from '@preau/telemetry';
import type { Instance } from '../src/server/instance.ts';
import type { Settings } from './settings.ts';
import { fetchBackend } from './transport.ts';

/** The response that is being rendered. */
export const current = new AsyncLocalStorage<ServerResponse>();

/**
 * Publishes who this process is to the application, which is bundled apart: the two share the process, not
 * their modules. The private key stays in the signer's closure.
 */
export function publishInstance(settings: Settings): Instance {
  const instance = instanceOf(settings, fetchBackend);
  publish(instance, 'for good');
  return instance;
}

function instanceOf(settings: Settings, fetch: Instance['fetch']): Instance {
  const signer = createSigner(settings.INSTANCE_KEY, {
    tenant: settings.TENANT_ID,
    release: settings.RELEASE,
  });
  return {
    id: settings.INSTANCE_ID,
    release: settings.RELEASE,
    backendUrl: settings.BACKEND_URL.replace(/\/$/, ''),
    publicUrl: new URL(settings.PREAU_PUBLIC_URL).origin,
    platformUrl: new URL(settings.PLATFORM_URL).origin,
    token: () => signer.token(),
    fetch: traced(fetch),
    answerStatus,
  };
}

/**
 * Lets pages be drawn for nobody, whose key no backend knows and who cannot ask one.
 * @param answer what a backend would say to a path; undefined where it would not answer
 */
export function publishNobody(settings: Settings, answer: (path: string) => unknown): Instance {
  const nobody = instanceOf(settings, async (input) => {
    const said = answer(new URL(String(input)).pathname);
    if (said === undefined) throw new Error('Nobody has claimed this process yet.');
    return Response.json(said);
  });
  publish(nobody, 'until claimed');
  return nobody;
}

function answerStatus(status: number): void {
  const response = current.getStore();
  if (response && !response.headersSent) response.statusCode = status;
}

/** A process is one tenant's until its end: what was published for good cannot be replaced. */
function publish(instance: Instance, lasts: 'for good' | 'until claimed'): void {
  Object.defineProperty(globalThis, Symbol.for('preau.instance'), {
    value: Object.freeze(instance),
    configurable: lasts === 'until claimed',
  });
}
