import { problemDetails } from '@preau/contract/problem';
import { DetailedError, defaultOptions, type PreviousUpload, Upload } from 'tus-js-client';
import type { z } from 'zod';
import { call } from '../api';

const ENDPOINT = '/api/uploads';
/** The relay takes ten: what is on its way when the connection breaks is sent again. */
const PIECE_BYTES = 8 * 1024 * 1024;
const RETRY_MS = [0, 1_000, 3_000, 5_000, 10_000, 20_000];
/** How often the scanner is asked again. */
const SCAN_MS = 15_000;
/** The backend drops what was not finished by then. */
const KEPT_MS = 24 * 3_600_000;

/** What becomes of a file once it has arrived. */
export interface Purpose<T extends object> {
  kind: 'asset' | 'import' | 'package';
  /** What it is for: uploads that were left unfinished are found again by it. */
  target: string;
  body: object;
  schema: z.ZodType<T>;
}

export type UploadState<T extends object> =
  | { name: 'sending'; sent: number; total: number }
  | { name: 'paused'; sent: number; total: number; offline: boolean }
  /** It has arrived; kind, size and viruses are looked at. */
  | { name: 'checking' }
  /** The scanner is silent: asked again by itself. */
  | { name: 'scanning'; reason: string }
  | { name: 'done'; result: T }
  | { name: 'failed'; reason: string };

/** An upload that a closed page left behind. */
export interface Unfinished {
  name: string;
  sent: number;
  total: number;
  previous: PreviousUpload;
}

const storage = defaultOptions.urlStorage;

/** What was begun for a target and not finished, as far as the server still has it. */
export async function findUnfinished({
  kind,
  target,
}: Pick<Purpose<object>, 'kind' | 'target'>): Promise<Unfinished[]> {
  const found: Unfinished[] = [];
  for (const previous of await storage.findAllUploads()) {
    const { metadata, creationTime, uploadUrl } = previous;
    if (metadata.purpose !== kind || metadata.target !== target || !uploadUrl) continue;
    const expired = Date.now() - Date.parse(creationTime) > KEPT_MS;
    const answer = expired
      ? null
      : await fetch(uploadUrl, { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } }).catch(() => null);
    if (answer?.ok)
      found.push({
        name: metadata.filename ?? '',
        sent: Number(answer.headers.get('upload-offset')),
        total: Number(answer.headers.get('upload-length')),
        previous,
      });
    else if (expired || answer?.status === 404) await storage.removeUpload(previous.urlStorageKey);
  }
  return found;
}

/** Gives an unfinished upload up, here and on the server. */
export async function abandon({ previous }: Unfinished): Promise<void> {
  await storage.removeUpload(previous.urlStorageKey);
  if (previous.uploadUrl) await Upload.terminate(previous.uploadUrl).catch(() => undefined);
}

let count = 0;

/**
 * One file on its way: sent in pieces by tus, paused and gone on with, also after a reload where the same file is
 * chosen again; then made into what it is for. Its state changes in `#become` alone.
 */
export class FileUpload<T extends object> {
  readonly key = ++count;
  readonly name: string;
  state: UploadState<T>;
  readonly #purpose: Purpose<T>;
  readonly #changed: () => void;
  /** Null where everything had arrived before: the browser has forgotten the file, and it is not needed. */
  readonly #upload: Upload | null = null;
  #url: string | null = null;
  #storageKey: string | null = null;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(source: File | Unfinished, purpose: Purpose<T>, changed: () => void) {
    this.name = source.name;
    this.#purpose = purpose;
    this.#changed = changed;
    if (!(source instanceof File)) {
      this.state = { name: 'checking' };
      this.#url = source.previous.uploadUrl;
      this.#storageKey = source.previous.urlStorageKey;
      queueMicrotask(() => void this.#finish());
      return;
    }
    this.state = { name: 'sending', sent: 0, total: source.size };
    this.#upload = this.#open(source);
    window.addEventListener('online', this.#online);
    void this.#begin(this.#upload);
  }

  pause(): void {
    if (this.state.name !== 'sending') return;
    void this.#upload?.abort();
    this.#become({ ...this.state, name: 'paused', offline: false });
  }

  resume(): void {
    if (this.state.name !== 'paused') return;
    const { sent, total } = this.state;
    this.#become({ name: 'sending', sent, total });
    this.#upload?.start();
  }

  /** Stops it for good: its bytes are given back. */
  async cancel(): Promise<void> {
    this.#end();
    await this.#forget();
    const url = this.#url ?? this.#upload?.url;
    await this.#upload?.abort();
    if (url) await Upload.terminate(url).catch(() => undefined);
  }

  #open(file: File): Upload {
    const { kind, target } = this.#purpose;
    return new Upload(file, {
      endpoint: ENDPOINT,
      chunkSize: PIECE_BYTES,
      retryDelays: RETRY_MS,
      metadata: { filename: file.name, filetype: file.type, purpose: kind, target },
      fingerprint: async () => ['preau', kind, target, file.name, file.size, file.lastModified].join(' '),
      onShouldRetry: worthTrying,
      onProgress: (sent, total) => {
        if (this.state.name === 'sending') this.#become({ name: 'sending', sent, total });
      },
      onError: (error) => void this.#stopped(error),
      onSuccess: () => void this.#finish(),
    });
  }

  async #begin(upload: Upload): Promise<void> {
    const [previous] = await upload.findPreviousUploads();
    if (previous) upload.resumeFromPreviousUpload(previous);
    if (this.state.name === 'sending') upload.start();
  }

  readonly #online = () => {
    if (this.state.name === 'paused' && this.state.offline) this.resume();
  };

  #become(state: UploadState<T>): void {
    this.state = state;
    if (state.name === 'done' || state.name === 'failed') this.#end();
    this.#changed();
  }

  #end(): void {
    clearTimeout(this.#again);
    window.removeEventListener('online', this.#online);
  }

  async #forget(): Promise<void> {
    const previous = (await this.#upload?.findPreviousUploads()) ?? [];
    const keys = previous.map(({ urlStorageKey }) => urlStorageKey);
    for (const key of this.#storageKey ? [...keys, this.#storageKey] : keys) await storage.removeUpload(key);
  }

  async #stopped(error: Error): Promise<void> {
    const reason = refusalIn(error);
    if (reason !== undefined) {
      await this.#forget();
      this.#become({ name: 'failed', reason });
    } else if (this.state.name === 'sending') this.#become({ ...this.state, name: 'paused', offline: true });
  }

  async #finish(): Promise<void> {
    this.#url ??= this.#upload?.url ?? null;
    if (this.state.name !== 'scanning') this.#become({ name: 'checking' });
    const { kind, body, schema } = this.#purpose;
    const result = await call(
      `${this.#url}/${kind}`,
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
      schema,
    );
    if (!('problem' in result)) {
      await this.#forget();
      this.#become({ name: 'done', result });
      return;
    }
    const { name, detail } = result.problem;
    if (name === 'scan-pending' || name === 'unavailable') {
      this.#become({ name: 'scanning', reason: name === 'scan-pending' ? detail : '' });
      this.#again = setTimeout(() => void this.#finish(), SCAN_MS);
      return;
    }
    await this.#forget();
    this.#become({ name: 'failed', reason: detail });
    // What was refused would take space for a day.
    if (this.#url) await Upload.terminate(this.#url).catch(() => undefined);
  }
}

/** The connection, or a server that is busy; a refusal stays one. */
function worthTrying(error: Error): boolean {
  const status = error instanceof DetailedError ? (error.originalResponse?.getStatus() ?? 0) : 0;
  return navigator.onLine && (status === 0 || status === 423 || status === 429 || status >= 500);
}

/** What the API said; undefined where nothing reached it. */
function refusalIn(error: Error): string | undefined {
  const answer = error instanceof DetailedError ? error.originalResponse : null;
  if (!answer || answer.getStatus() >= 500) return undefined;
  try {
    return problemDetails.parse(JSON.parse(answer.getBody())).detail;
  } catch {
    return error.message;
  }
}
