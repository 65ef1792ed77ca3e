import type { z } from 'zod';
import type { Needed } from './permission.ts';
import type { ProblemType } from './problem.ts';

/**
 * Who may call an operation.
 * - `public`: anybody, no token
 * - `hub`, `operator`, `service` (either): a platform process, by its own token
 * - `account`: the hub on behalf of a signed-in account (service token + `Preau-Session`)
 * - `staff`: the hub on behalf of a member of staff whose session passed TOTP
 * - `instance`: one LMS instance, by its token, for a visitor who is not signed in
 * - `visitor`: an instance; with a user session where there is one (`caller` is then the user)
 * - `user`: an instance on behalf of a signed-in user (instance token + `Preau-Session`)
 */
export type Identity =
  | 'public'
  | 'hub'
  | 'operator'
  | 'service'
  | 'account'
  | 'staff'
  | 'instance'
  | 'visitor'
  | 'user';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What the answer's body is: JSON, nothing (204), a byte stream, or server-sent events. */
export type AnswerKind = 'json' | 'empty' | 'binary' | 'events';

/** At most `max` requests in `windowSeconds`, for each key (the caller's network, account or body e-mail). */
export interface RateLimit {
  max: number;
  windowSeconds: number;
  by: 'network' | 'caller' | 'email';
}

export interface Operation<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  id: string;
  method: Method;
  /** With `{name}` for each path parameter; begins with `/v1/`. */
  path: `/v1/${string}`;
  summary: string;
  /** The heading it is listed under in the OpenAPI document. */
  tag: string;
  identity: Identity;
  /** For `user` and `visitor` operations: the permission needed at least; the policy of the noun decides further. */
  permission?: Needed;
  /** Open, too, to a user who lacks the second factor that their platform asks for: how else would they add one. */
  beforeFactor?: boolean;
  /** It cannot change who the caller is or may do: what was found out about the session goes on being believed. */
  leavesSession?: boolean;
  /** Replaced by `permission`. */
  roles?: 'An operation no longer lists roles: it names the `permission` it needs (contract/src/permission.ts)';
  params?: Params;
  query?: Query;
  body?: Body;
  /** `bytes`: the raw request body; its name and media type come in `Content-Type` and `Preau-File-Name` (percent-encoded). */
  bodyKind?: 'json' | 'bytes';
  /** The largest body in bytes; 1 MiB where nothing is said. */
  maxBytes?: number;
  kind: AnswerKind;
  status: 200 | 201 | 202 | 204;
  /** The JSON answer, or for `events` the `data` of one event. */
  response?: Response;
  limits?: readonly RateLimit[];
  errors: readonly ProblemType[];
}

type Defaults = { kind: 'json'; status: 200; errors: [] };
type Draft = Omit<Operation, 'kind' | 'status' | 'errors'> &
  Partial<Pick<Operation, 'kind' | 'status' | 'errors'>>;

/** Tenants' operations must say what they need; the compiler shows this sentence where one does not. */
type Guarded<T> = T extends { identity: 'user' | 'visitor' }
  ? T extends { permission: Needed }
    ? unknown
    : {
        permission: 'A tenant operation names the `permission` it needs at least (contract/src/permission.ts), or `everyone` where each acts on their own; its handler asks the policy (backend/src/policies)';
      }
  : unknown;

/** Declares one operation of the API; answers JSON with 200 unless it says otherwise. */
export function defineOperation<const T extends Draft>(draft: T & Guarded<T>): Omit<Defaults, keyof T> & T {
  return { kind: 'json', status: 200, errors: [], ...draft };
}

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined;
type Accepted<T> = T extends z.ZodType ? z.input<T> : undefined;

/** What a handler receives: validated and with defaults filled in. */
export type ParamsOf<T> = T extends { params: infer S } ? Parsed<S> : undefined;
export type QueryOf<T> = T extends { query: infer S } ? Parsed<S> : undefined;
export type BodyOf<T> = T extends { bodyKind: 'bytes' }
  ? Uint8Array
  : T extends { body: infer S }
    ? Parsed<S>
    : undefined;
export type ResponseOf<T> = T extends { response: infer S } ? Parsed<S> : undefined;

/** What a caller passes: only what has no default is required. */
export type ParamsInput<T> = T extends { params: infer S } ? Accepted<S> : undefined;
export type QueryInput<T> = T extends { query: infer S } ? Accepted<S> : undefined;
export type BodyInput<T> = T extends { bodyKind: 'bytes' }
  ? Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>
  : T extends { body: infer S }
    ? Accepted<S>
    : undefined;
