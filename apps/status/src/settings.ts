import { resolve } from 'node:path';
import { z } from 'zod';

const schema = z.object({
  HOST_BIND: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535),
  /** The hub, as browsers reach it. */
  PREAU_PUBLIC_URL: z.url({ protocol: /^https?$/ }),
  /** The gateway's public port from here; PREAU_PUBLIC_URL itself where this runs on another machine. */
  GATEWAY_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** A platform whose sign-in stands for all: `https://demo.preau.example`. Without it, platforms are not shown. */
  STATUS_SAMPLE_PLATFORM: z.url({ protocol: /^https?$/ }).optional(),
  /** The history lies in `status/history.json`. */
  DATA_DIR: z
    .string()
    .min(1)
    .default('.data')
    .transform((path) => resolve(path)),
  /** Shows `/metrics` on a listener of its own on this machine; without it nothing is shown. */
  METRICS_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  METRICS_BIND: z.string().min(1).default('127.0.0.1'),
  STATUS_PROBE_SECONDS: z.coerce.number().positive().max(600).default(30),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});
export type Settings = z.infer<typeof schema>;

/** @throws Error that names each variable and the remedy */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The status page cannot start. Correct these variables:\n${faults.join('\n')}`);
}
