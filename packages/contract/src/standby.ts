import { z } from 'zod';

/**
 * The private socket of a standby: an instance's process that has started and warmed up for nobody yet. HTTP over a
 * unix socket that only its own user and the operator can open.
 * `GET /healthz` → `standbyHealth` · `POST /claim` (body `claim`) → `claimed`, once; whatever comes of it, the process
 * takes no second one.
 */
export const standbyHealth = z.object({ status: z.literal('standby'), release: z.string() });

/** Whom the process shall be: the variables that an instance which starts cold finds in its environment. */
export const claim = z.object({ environment: z.record(z.string(), z.string()) });

/** Answered once the instance takes requests on its own socket. */
export const claimed = z.object({ instance: z.uuid(), release: z.string() });
