import { z } from 'zod';

const secrets = z
  .string()
  .transform((text) => text.split(',').map((secret) => secret.trim()))
  .pipe(z.array(z.string().min(16)).min(1).max(5));

const schema = z.object({
  NODE_ENV: z.string().default('development'),
  /** Says that somebody wants a payment provider without money on a production machine. */
  SANDBOX_ALLOW_PRODUCTION: z.stringbool().default(false),
  PORT: z.coerce.number().int().min(0).max(65_535),
  HOST_BIND: z.string().min(1).default('127.0.0.1'),
  SANDBOX_DATABASE_URL: z.string().startsWith('postgres'),
  SANDBOX_API_KEY: z.string().min(16).startsWith('sandbox_sk_'),
  /** One, or two while one is being replaced: every webhook is signed with each. */
  SANDBOX_WEBHOOK_SECRET: secrets,
  SANDBOX_WEBHOOK_URL: z.url({ protocol: /^https?$/ }),
  /** Where browsers reach the hosted pages, e.g. http://pay.localhost:8080. */
  SANDBOX_PUBLIC_URL: z.url({ protocol: /^https?$/ }),
  /** The panel (clock, switches, refunds): `open` to everybody who reaches it, or behind the API key. */
  SANDBOX_PANEL: z.enum(['open', 'key']).optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});
export type Settings = z.infer<typeof schema> & { SANDBOX_PANEL: 'open' | 'key' };

/** @throws Error that names each variable and the remedy. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const parsed = schema.safeParse(environment);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new Error(
      `The sandbox provider's environment is not complete (see src/settings.ts):\n${faults.join('\n')}`,
    );
  }
  const settings = parsed.data;
  if (settings.NODE_ENV === 'production' && !settings.SANDBOX_ALLOW_PRODUCTION) {
    throw new Error(
      'The sandbox provider takes no money and does not start with NODE_ENV=production. ' +
        'Use a real provider, or set SANDBOX_ALLOW_PRODUCTION=1 for a demonstration.',
    );
  }
  const local = /(^|\.)localhost$/.test(new URL(settings.SANDBOX_PUBLIC_URL).hostname);
  return { ...settings, SANDBOX_PANEL: settings.SANDBOX_PANEL ?? (local ? 'open' : 'key') };
}
