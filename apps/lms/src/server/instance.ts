/** Who this process is. One build serves every tenant, so nothing of it is known before the process starts. */
export interface Instance {
  id: string;
  release: string;
  /** Internal address of the API. */
  backendUrl: string;
  /** The hub. */
  publicUrl: string;
  /** Origin at which browsers see this platform, without a trailing slash. */
  platformUrl: string;
  /** A token by which this instance speaks to the backend, valid for two more minutes at least. */
  token(): Promise<string>;
  /** `fetch` to the backend over kept-alive connections, outside Next's own (patched, cached) one. */
  fetch: typeof globalThis.fetch;
  /** The status of the page being rendered, for a page that says no; before its first byte is sent. */
  answerStatus(status: number): void;
}

const key = Symbol.for('preau.instance');

/** The identity that server/serve.ts published; read per request, never at module scope. */
export function instance(): Instance {
  const found = (globalThis as { [key]?: Instance })[key];
  if (!found) throw new Error('No instance identity: start the artefact by start.mjs, or `npm run dev`.');
  return found;
}
