import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { FIRST_MACHINE, machineName } from '@preau/contract/platform/machines';
import { privateKeyFile } from '@preau/identity';
import { z } from 'zod';

const folder = z
  .string()
  .min(1)
  .transform((path) => resolve(path));
const postgresUrl = z.string().regex(/^postgres(ql)?:\/\//, { error: 'expected a postgresql:// address' });

const schema = z.object({
  HOST_BIND: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535),
  /** The hub, as browsers reach it. */
  PREAU_PUBLIC_URL: z.url(),
  BACKEND_URL: z.url(),
  /** What runs instances: processes of this machine, or containers of its Docker engine. */
  DRIVER: z.enum(['process', 'docker']).default('process'),
  DOCKER_SOCKET: z.string().startsWith('/').default('/var/run/docker.sock'),
  /** Name of the releases' images (`tools/image.ts` makes them); the tag is the release's id. */
  LMS_IMAGE: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._/-]*$/)
    .default('preau/lms'),
  /** Names what this operator runs instances on, among all operators of the database. A DATA_DIR belongs to one name. */
  MACHINE: machineName.default(FIRST_MACHINE),
  DATA_DIR: folder.default(resolve('.data')),
  /**
   * As root: which user ids were given to whom; `users` in DATA_DIR unless said. Operators on one host name one folder,
   * or a platform of the one would run as a platform of the other.
   */
  USER_IDS_DIR: folder.optional(),
  OPERATOR_DATABASE_URL: postgresUrl,
  SERVICE_KEY_FILE: folder.transform((path, context) => {
    try {
      return privateKeyFile.parse(JSON.parse(readFileSync(path, 'utf8')));
    } catch (error) {
      context.addIssue({ code: 'custom', message: `cannot read the key in ${path}: ${String(error)}` });
      return z.NEVER;
    }
  }),
  GATEWAY_CONTROL: folder,
  /** The gateway's public port from here; derived from PREAU_PUBLIC_URL where nothing is said. */
  GATEWAY_URL: z.url().optional(),
  /** Where the gateway asks for sleeping platforms to be woken. */
  OPERATOR_CONTROL: folder,
  /**
   * A platform that nobody has used for so many minutes sleeps, unless its plan keeps it always on; 0: none does. Half
   * an hour is longer than a chapter is read, and a wake costs its first visitor less than a second.
   */
  SLEEP_AFTER_MINUTES: z.coerce.number().min(0).max(100_000).default(30),
  /** Beyond this share of the memory the least recently used sleep earlier, after a minute; 1: never for that reason. */
  SLEEP_AT_MEMORY: z.coerce.number().gt(0).max(1).default(0.85),
  LMS_RELEASE_DIR: folder,
  LMS_RELEASE: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[\w.-]+$/),
  /** `npm run dev`: the platform at this address runs from the app's sources in LMS_SOURCE_DIR, unconfined. */
  LMS_SOURCE_PLATFORM: z.url().optional(),
  LMS_SOURCE_DIR: folder.optional(),
  /** An instance's key is replaced when it is this old, and with every process. */
  INSTANCE_KEY_HOURS: z.coerce.number().positive().max(8_760).default(24),
  /** Alertmanager's alerts become incidents: it proves itself by this. Without it `POST /alerts` is not there. */
  ALERTS_SECRET: z.string().min(16).optional(),
  /** Processes kept started and warmed up for nobody, for starts without waiting: at least … */
  STANDBY_MIN: z.coerce.number().int().min(0).max(200).default(1),
  /** … and at most, when many were started in the last ten minutes and memory is free. 0 keeps none: every start is cold. */
  STANDBY_MAX: z.coerce.number().int().min(0).max(200).default(100),
  /** What one of them may grow to. Plans with more memory start cold. */
  STANDBY_MEMORY_MIB: z.coerce.number().int().min(192).max(65_536).default(512),
  /** An update compares the new release with the former one for so long before it ends that one. */
  COMPARE_SECONDS: z.coerce.number().min(0).max(600).default(10),
  /** A synthetic customer goes the whole way, from the home page to a deleted platform, every so many hours; 0: never. */
  SYNTHETIC_HOURS: z.coerce.number().min(0).max(168).default(2),
  SANDBOX_URL: z.url(),
  SANDBOX_API_KEY: z.string().min(1),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

export type Settings = z.infer<typeof schema> & { GATEWAY_URL: string };

/**
 * Reads the settings once.
 * @throws Error that names each variable and what is wrong with it
 */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const parsed = schema.safeParse(environment);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The operator cannot start. Correct these variables:\n  ${wrong.join('\n  ')}`);
  }
  const { GATEWAY_URL = gatewayOf(parsed.data.PREAU_PUBLIC_URL), ...rest } = parsed.data;
  return { ...rest, GATEWAY_URL };
}

/** Node does not resolve `*.localhost`: the gateway of this machine is dialled by its address. */
function gatewayOf(publicUrl: string): string {
  const { protocol, port } = new URL(publicUrl);
  return `http://127.0.0.1:${port || (protocol === 'https:' ? '443' : '80')}`;
}
