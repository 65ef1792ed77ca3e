import { z } from 'zod';

const internalUrl = z.url({ protocol: /^http$/ }).refine((value) => new URL(value).pathname === '/', {
  error: 'an address without a path, such as http://127.0.0.1:8081',
});

const schema = z.object({
  PREAU_PUBLIC_URL: z.url({ protocol: /^https?$/ }),
  PORT: z.coerce.number().int().min(0).max(65_535),
  HOST_BIND: z.string().min(1).default('0.0.0.0'),
  HUB_URL: internalUrl,
  BACKEND_URL: internalUrl,
  SANDBOX_URL: internalUrl.optional(),
  GATEWAY_CONTROL: z.string().startsWith('/').max(107),
  DATA_DIR: z.string().min(1).default('.data'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Largest request body let through, in bytes; the applications have their own, smaller limits. */
  BODY_LIMIT_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(512 * 1024 * 1024),
});
export type Settings = z.infer<typeof schema>;

/** @throws Error that names each variable and the remedy. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The gateway's environment is not complete (see src/settings.ts):\n${faults.join('\n')}`);
}
