import { z } from 'zod';

/**
 * The operator's control API: HTTP over a unix socket that only our own user may open.
 * `POST /wakes/{host}` (the gateway, for whoever asks for a sleeping platform) → `wakeAnswer`, once it is awake or is
 * known not to be; asking again while it wakes joins the same waking.
 * `POST /sleeps/{host}` (who administers the machine) → `sleepAnswer`: puts a platform to sleep that nobody is using,
 * however short that is the case.
 * `POST /visits` (who administers the machine) → `visitAnswer`: sends a synthetic customer, and answers when it is gone.
 * `GET /logs/{instanceId}` (the backend, for staff) → `logAnswer`: the last lines that its processes wrote.
 */
export const wakeAnswer = z.discriminatedUnion('state', [
  z.object({ state: z.literal('awake') }),
  /** It did not start: its visitors are told so until it is worth trying again. */
  z.object({ state: z.literal('failed'), retryAfterSeconds: z.int().min(1) }),
  /** Not now: something else is done with it, or the backend is away. Ask again. */
  z.object({ state: z.literal('later') }),
]);
export type WakeAnswer = z.infer<typeof wakeAnswer>;

export const sleepAnswer = z.discriminatedUnion('state', [
  z.object({ state: z.literal('asleep') }),
  /** In use, always on, not live, or an operation is open. */
  z.object({ state: z.literal('refused'), reason: z.string() }),
]);
export type SleepAnswer = z.infer<typeof sleepAnswer>;

export const visitAnswer = z.object({
  /** The station where the way is blocked, and why; null where it is free. */
  blocked: z.string().nullable(),
  /** Seconds by station. */
  took: z.record(z.string(), z.number()),
});
export type VisitAnswer = z.infer<typeof visitAnswer>;

export const logAnswer = z.object({ lines: z.array(z.string()) });
export type LogAnswer = z.infer<typeof logAnswer>;
