import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { publicKey } from '@preau/identity';
import { z } from 'zod';
import { rateCardSetting } from './metering/rates.ts';

const postgresUrl = z.string().regex(/^postgres(ql)?:\/\//, { error: 'expected a postgresql:// address' });
const switchedOn = z
  .enum(['0', '1'])
  .default('0')
  .transform((value) => value === '1');

const serviceKeys = z.object({ hub: z.array(publicKey), operator: z.array(publicKey) });

/** Hosts that name the reader's own machine (RFC 6761, 6.3). */
export const isLocal = (url: string) => /(^|\.)localhost$|^127\.|^\[::1\]$/.test(new URL(url).hostname);
/** What would hand a platform to whoever finds its address. */
const LOCAL_ONLY = [
  ['OUTBOX_READABLE', 'everybody could read the mails that reset passwords'],
  ['SEED_DEMO', 'everybody knows the passwords of the demonstration'],
] as const;

/** Several values, parted by commas. */
const listed = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);

const variables = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
  HOST_BIND: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535),
  /** The hub, as browsers reach it; a platform is at `<slug>.` before its host. */
  PREAU_PUBLIC_URL: z.url().transform((url) => url.replace(/\/$/, '')),
  /** Files of tenants, under `files/<tenant>/`. */
  DATA_DIR: z
    .string()
    .min(1)
    .default('.data')
    .transform((path) => resolve(path)),
  /** A bucket for tenants' files instead of the folder; files on their way stay in DATA_DIR. */
  S3_BUCKET: z.string().min(3).optional(),
  /** For stores other than Amazon's. */
  S3_ENDPOINT: z.url().optional(),
  S3_REGION: z.string().default('eu-west-3'),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  /**
   * Keys that backups of tenants are sealed with, 32 bytes each in base64url, parted by commas: the first seals, all
   * open. Without one there are no backups. They are in no backup: keep them elsewhere, for nothing opens one without.
   */
  BACKUP_KEYS: listed
    .refine(
      (texts) => texts.length > 0 && texts.every((text) => Buffer.from(text, 'base64url').length === 32),
      {
        error: 'expected 32 bytes in base64url, several parted by commas',
      },
    )
    .optional(),
  /** Where backups lie, under `backups/<tenant>/`: better another disk than DATA_DIR, which it is by default. */
  BACKUP_DIR: z
    .string()
    .min(1)
    .transform((path) => resolve(path))
    .optional(),
  /** A bucket for backups instead of the folder; what it does not say of itself is as of S3_BUCKET. */
  BACKUP_S3_BUCKET: z.string().min(3).optional(),
  BACKUP_S3_ENDPOINT: z.url().optional(),
  BACKUP_S3_REGION: z.string().optional(),
  BACKUP_S3_ACCESS_KEY_ID: z.string().optional(),
  BACKUP_S3_SECRET_ACCESS_KEY: z.string().optional(),
  /** How often a tenant is backed up by itself. */
  BACKUP_EVERY_HOURS: z.coerce.number().min(1).max(744).default(24),
  /** Of how many days, weeks and months the newest backup is kept. */
  BACKUP_KEEP_DAILY: z.coerce.number().int().min(1).max(366).default(7),
  BACKUP_KEEP_WEEKLY: z.coerce.number().int().min(0).max(520).default(5),
  BACKUP_KEEP_MONTHLY: z.coerce.number().int().min(0).max(120).default(6),
  /** How often a random backup is tried. */
  DRILL_EVERY_HOURS: z.coerce.number().min(1).max(2_232).default(168),
  /**
   * A role with REPLICATION: turns copies of the whole server and of its log on, for going back to any moment. They
   * take some days of the log and a copy of the server for each day. Must not lead through PgBouncer.
   */
  DATABASE_REPLICATION_URL: postgresUrl.optional(),
  /**
   * Folder with PostgreSQL's programs, of the server's major version: staff may then take one platform as it was at a
   * moment. As root, a system user `postgres` runs them.
   */
  POSTGRES_BIN: z.string().startsWith('/').optional(),
  BACKUP_WHOLE_EVERY_HOURS: z.coerce.number().min(1).max(744).default(24),
  /** Of so many days every moment can be gone back to. */
  BACKUP_WHOLE_KEEP_DAYS: z.coerce.number().int().min(1).max(366).default(7),
  /** So much of the log may be lost with the server. */
  BACKUP_WHOLE_CUT_SECONDS: z.coerce.number().min(1).max(3_600).default(30),
  /** A virus scanner that speaks clamd's protocol: `tcp://host:3310` or `unix:///run/clamav/clamd.ctl`. */
  CLAMD_URL: z
    .string()
    .regex(/^(tcp:\/\/[^/]+|unix:\/\/\/.+)$/, { error: 'expected tcp://host:port or unix:///path' })
    .optional(),
  /** Owns the tables: migrations only. */
  DATABASE_OWNER_URL: postgresUrl,
  DATABASE_PLATFORM_URL: postgresUrl,
  DATABASE_TENANT_URL: postgresUrl,
  DATABASE_JOBS_URL: postgresUrl,
  /** Reads one tenant's rows for backups and changes nothing; must not lead through PgBouncer. */
  DATABASE_BACKUP_URL: postgresUrl.optional(),
  /** For LISTEN, which needs a session of its own: the platform's role without PgBouncer in between. */
  DATABASE_LISTEN_URL: postgresUrl.optional(),
  /** Connections of each of the two serving roles. */
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(200).default(12),
  /**
   * `transaction` where DATABASE_PLATFORM_URL and DATABASE_TENANT_URL lead to PgBouncer pooling by transaction: the
   * tenant is then bound inside each transaction. The other addresses must not lead through it.
   */
  DATABASE_BINDING: z.enum(['session', 'transaction']).default('session'),
  /** Public keys of the services: `{ "hub": [JWK], "operator": [JWK] }`. */
  SERVICE_KEYS_FILE: z.string().transform((path, context) => {
    try {
      return serviceKeys.parse(JSON.parse(readFileSync(path, 'utf8')));
    } catch (error) {
      context.addIssue({ code: 'custom', message: `cannot read the keys in ${path}: ${String(error)}` });
      return z.NEVER;
    }
  }),
  PAYLOAD_SECRET: z.string().min(16),
  /** Fills a demonstration organisation and platform at the first start. */
  SEED_DEMO: switchedOn,
  /** The sandbox provider, where the demonstration's customer pays; nothing else here speaks to a provider. */
  SANDBOX_URL: z.url().optional(),
  SANDBOX_API_KEY: z.string().min(1).optional(),
  /** The hub may show every mail: for machines without SMTP. */
  OUTBOX_READABLE: switchedOn,
  /** Without it, mails stay in the outbox. A server that is not on this machine must speak TLS. */
  SMTP_URL: z.url().optional(),
  MAIL_FROM: z.string().default('Préau <bonjour@preau.test>'),
  /** Multiplies every rate limit: benches and journeys sign hundreds of people in from one address. */
  RATE_LIMIT_FACTOR: z.coerce.number().min(1).max(100_000).default(1),
  /** Who is on call: told of every incident by mail. Addresses, parted by commas. */
  ON_CALL_EMAIL: z
    .string()
    .default('')
    .transform((text) => text.split(',').map((part) => part.trim()))
    .transform((parts) => parts.filter(Boolean))
    .pipe(z.array(z.email())),
  /** The operator's control socket, where it runs on this machine: staff then see the logs of instances. */
  OPERATOR_CONTROL: z.string().startsWith('/').max(107).optional(),
  /** Shows `/metrics` on a listener of its own on this machine; without it nothing is shown. */
  METRICS_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  METRICS_BIND: z.string().min(1).default('127.0.0.1'),
  /** What a unit costs us, for costs and margins: JSON of the rates that differ from `metering/rates.ts`. */
  RATE_CARD: rateCardSetting,
  /** For so long what instances used is kept by the minute; by the day it stays. */
  METER_DAYS: z.coerce.number().int().min(2).max(31).default(3),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

const schema = variables.superRefine((settings, context) => {
  if (isLocal(settings.PREAU_PUBLIC_URL)) return;
  for (const [name, why] of LOCAL_ONLY) {
    if (settings[name])
      context.addIssue({
        code: 'custom',
        path: [name],
        message: `only on localhost, not at ${settings.PREAU_PUBLIC_URL}: ${why}. Set it to 0`,
      });
  }
});

export type Settings = z.infer<typeof schema>;

/**
 * Reads the settings once.
 * @throws Error that names each variable and what is wrong with it
 */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The backend cannot start. Correct these variables:\n  ${wrong.join('\n  ')}`);
}
