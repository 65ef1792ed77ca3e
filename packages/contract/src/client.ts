import { z } from 'zod';
import type { BodyInput, Operation, ParamsInput, QueryInput, ResponseOf } from './operation.ts';
import { type OperationId, type Operations, operations } from './operations.ts';
import type { Locale } from './primitives.ts';
import { type ProblemDetails, type ProblemType, problemDetails } from './problem.ts';

/** The API refused: carries the problem as the backend worded it, in the caller's language. */
export class ApiProblem extends Error {
  override name = 'ApiProblem';
  readonly problem: ProblemDetails;
  constructor(operation: string, problem: ProblemDetails) {
    super(`${operation}: ${problem.status} ${problem.name} (${problem.reference})`);
    this.problem = problem;
  }
  is(...names: ProblemType[]): boolean {
    return names.includes(this.problem.name);
  }
}

/** The API could not be reached, did not answer in time, or did not speak the contract. */
export class ApiUnreachable extends Error {
  override name = 'ApiUnreachable';
}

type OptionalIfEmpty<T, K extends string> = T extends undefined
  ? Record<never, never>
  : Record<never, never> extends T
    ? { [P in K]?: T }
    : { [P in K]: T };

export interface CallOptions {
  /** The person's session token (`Preau-Session`). */
  session?: string | undefined;
  locale?: Locale | undefined;
  signal?: AbortSignal | undefined;
  requestId?: string | undefined;
  /** The visitor's address, for rate limits and the audit log; only believed from the hub and instances. */
  clientAddress?: string | undefined;
  /** The browser's `User-Agent`, for the list of sessions; only believed from the hub and instances. */
  userAgent?: string | undefined;
  /** The device cookie that an earlier sign-in answered. */
  device?: string | undefined;
  /** For `bytes` bodies. */
  contentType?: string | undefined;
  fileName?: string | undefined;
}

export type CallInput<T> = OptionalIfEmpty<ParamsInput<T>, 'params'> &
  OptionalIfEmpty<QueryInput<T>, 'query'> &
  OptionalIfEmpty<BodyInput<T>, 'body'> &
  CallOptions;

type Answer<T> = T extends { kind: 'binary' | 'events' }
  ? globalThis.Response
  : T extends { kind: 'empty' }
    ? undefined
    : ResponseOf<T>;

export type Client = {
  [Id in OperationId]: (
    ...input: Record<never, never> extends CallInput<Operations[Id]>
      ? [input?: CallInput<Operations[Id]>]
      : [input: CallInput<Operations[Id]>]
  ) => Promise<Answer<Operations[Id]>>;
};

export interface ClientSettings {
  /** Without a trailing slash, e.g. `http://127.0.0.1:4001`. */
  baseUrl: string;
  /** The process's own token (`@preau/identity`). */
  token?: (() => Promise<string>) | undefined;
  /**
   * Milliseconds for an answer to begin; 10 s where nothing is said, 0 where `fetch` itself sees to it. Streams have no
   * limit after that.
   */
  timeout?: number;
  /** Check every answer against its schema: on in development and tests, off on hot paths in production. */
  validate?: boolean;
  fetch?: typeof globalThis.fetch;
}

interface LooseInput extends CallOptions {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
}

/** Path and query string of a call. */
export function urlOf(operation: Pick<Operation, 'path'>, input: LooseInput): string {
  const path = operation.path.replace(/\{(\w+)\}/g, (_, key: string) =>
    encodeURIComponent(String(input.params?.[key] ?? '')),
  );
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(input.query ?? {})) {
    if (value !== undefined && value !== null && value !== '') query.set(key, String(value));
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

const AGAIN_MS = 50;
const LOST = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'UND_ERR_SOCKET']);

/**
 * Asks once more what reads, where its connection broke: the process died with the question, and the next one is on its
 * way. What came too late or was given up is not asked again.
 */
export async function askTwice<T>(reads: boolean, ask: () => Promise<T>): Promise<T> {
  return ask().catch(async (error: unknown) => {
    const codes = [error, error instanceof Error ? error.cause : undefined].map((one) =>
      one instanceof Error && 'code' in one ? String(one.code) : '',
    );
    if (!reads || !codes.some((code) => LOST.has(code))) throw error;
    await new Promise((later) => setTimeout(later, AGAIN_MS));
    return ask();
  });
}

/** The typed client of the API: one method for each operation. */
export function createClient(settings: ClientSettings): Client {
  const { baseUrl, token, timeout = 10_000, validate = true, fetch = globalThis.fetch } = settings;

  async function call(operation: Operation, input: LooseInput = {}): Promise<unknown> {
    const headers: Record<string, string> = { accept: 'application/json, application/problem+json' };
    if (token) headers.authorization = `Bearer ${await token()}`;
    if (input.session) headers['preau-session'] = input.session;
    if (input.locale) headers['accept-language'] = input.locale;
    if (input.requestId) headers['x-request-id'] = input.requestId;
    if (input.clientAddress) headers['preau-client-address'] = input.clientAddress;
    if (input.userAgent) headers['preau-user-agent'] = encodeURIComponent(input.userAgent.toWellFormed());
    if (input.device) headers['preau-device'] = input.device;
    if (input.fileName) headers['preau-file-name'] = encodeURIComponent(input.fileName);
    let body: NonNullable<RequestInit['body']> | undefined;
    if (operation.bodyKind === 'bytes') {
      headers['content-type'] = input.contentType ?? 'application/octet-stream';
      body = input.body as Uint8Array<ArrayBuffer> | ReadableStream;
    } else if (operation.body) {
      headers['content-type'] = 'application/json';
      body = JSON.stringify(input.body ?? {});
    }
    const begun = timeout > 0 ? new AbortController() : undefined;
    const timer =
      begun && setTimeout(() => begun.abort(new Error(`no answer within ${timeout} ms`)), timeout);
    const signal =
      begun && input.signal
        ? AbortSignal.any([begun.signal, input.signal])
        : (begun?.signal ?? input.signal ?? null);
    const ask = () =>
      fetch(baseUrl + urlOf(operation, input), {
        method: operation.method,
        headers,
        redirect: 'error',
        signal,
        ...(body === undefined
          ? {}
          : { body, ...(body instanceof ReadableStream ? { duplex: 'half' } : {}) }),
      });
    let response: Response;
    try {
      response = await askTwice(operation.method === 'GET', ask);
    } catch (cause) {
      throw new ApiUnreachable(`${operation.id}: the API could not be reached`, { cause });
    } finally {
      clearTimeout(timer);
    }
    if (!response.ok) {
      const problem = problemDetails.safeParse(await response.json().catch(() => undefined));
      if (problem.success) throw new ApiProblem(operation.id, problem.data);
      throw new ApiUnreachable(`${operation.id}: answered ${response.status} without a problem document`);
    }
    if (operation.kind === 'binary' || operation.kind === 'events') return response;
    if (operation.kind === 'empty') {
      await response.body?.cancel();
      return undefined;
    }
    const json: unknown = await response.json();
    if (!validate || !operation.response) return json;
    const parsed = operation.response.safeParse(json);
    if (parsed.success) return parsed.data;
    throw new ApiUnreachable(`${operation.id}: answer breaks the contract: ${z.prettifyError(parsed.error)}`);
  }

  return Object.fromEntries(
    Object.entries(operations).map(([id, operation]) => [
      id,
      (input?: LooseInput) => call(operation as Operation, input),
    ]),
  ) as unknown as Client;
}

/** The events of an `events` answer (`text/event-stream`), each one's data parsed by the operation's schema. */
export async function* readEvents<T>(response: Response, schema: z.ZodType<T>): AsyncGenerator<T> {
  if (!response.body) return;
  let buffer = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    buffer += chunk;
    let end = buffer.indexOf('\n\n');
    while (end >= 0) {
      const data = buffer
        .slice(0, end)
        .split('\n')
        .filter((part) => part.startsWith('data:'))
        .map((part) => part.slice(5).trimStart())
        .join('\n');
      buffer = buffer.slice(end + 2);
      if (data) yield schema.parse(JSON.parse(data));
      end = buffer.indexOf('\n\n');
    }
  }
}
