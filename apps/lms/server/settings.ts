import { jsonText } from '@preau/contract/jsonText';
import { privateKeyFile } from '@preau/identity';
import { z } from 'zod';

/** What the operator tells an instance when it starts it. See README.md. */
const schema = z.object({
  INSTANCE_ID: z.uuid(),
  TENANT_ID: z.uuid(),
  RELEASE: z.string().min(1).max(100),
  BACKEND_URL: z.url(),
  PREAU_PUBLIC_URL: z.url(),
  PLATFORM_URL: z.url(),
  /** A port on 127.0.0.1, or the path of a Unix socket. */
  LISTEN: z.union([
    z
      .string()
      .regex(/^\d{1,5}$/)
      .transform(Number),
    z.string().startsWith('/'),
  ]),
  INSTANCE_KEY: jsonText.pipe(privateKeyFile),
  NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: z.string().optional(),
});
export type Settings = z.infer<typeof schema>;

/** Instead of the above: the process waits at this Unix socket for somebody to be. */
const standbySchema = z.object({ STANDBY: z.string().startsWith('/'), RELEASE: schema.shape.RELEASE });
export type StandbySettings = z.infer<typeof standbySchema>;

/**
 * Reads the identity once and removes the key from the environment, so that no child, report or dump shows it.
 * @throws Error that names each variable and the remedy
 */
export function readSettings(environment: Record<string, string | undefined>): Settings {
  const parsed = schema.safeParse(environment);
  delete environment.INSTANCE_KEY;
  return expected(parsed);
}

/** The settings of a standby; undefined where the process is an instance from its start. */
export function readStandby(environment: NodeJS.ProcessEnv): StandbySettings | undefined {
  return environment.STANDBY === undefined ? undefined : expected(standbySchema.safeParse(environment));
}

function expected<T>(parsed: z.ZodSafeParseResult<T>): T {
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(
    `The instance cannot start. Set these variables (apps/lms/README.md):\n  ${wrong.join('\n  ')}`,
  );
}
