/** The whole platform on one machine: database, secrets, services. What `npm start`, the journeys and the bench run. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dropSlot } from '../apps/backend/src/backups/whole/keeper.ts';
import { bootstrapRoles } from '../apps/backend/src/database/roles.ts';
import { asOperator } from './backend.ts';
import { PRIMARY } from './build.ts';
import { controlOf, currentOf, HANDED_OVER } from './handover.ts';
import { engineSocket, imageOf } from './image.ts';
import { keepKeys } from './machineKeys.ts';
import { root } from './paths.ts';
import { postgresPrograms, startPostgres } from './postgres.ts';
import { freePorts, requirePort, type Service, Services } from './process.ts';
import { mainOf, publishRelease, publishService, registerRelease } from './release.ts';
import { renewDatabaseSecret } from './secrets.ts';
import { step } from './terminal.ts';
import { backupsOf, systemOf } from './whole.ts';

/**
 * A small young generation, and an old one that is collected when it has grown by two fifths: half the memory after
 * load for no processor time that could be measured.
 */
export const BACKEND_FLAGS = ['--max-semi-space-size=4', '--heap-growing-percent=40'];

/** What a new process must answer with 200 before it takes the former one's place. They read from the database. */
const PROBES = { backend: ['/v1/plans'], hub: ['/', '/tarifs'] };

export interface PlatformSettings {
  dataDir: string;
  /** The public port. */
  port: number;
  /** An existing PostgreSQL ≥ 16 instead of the embedded one; its user may create roles, databases and schemas. */
  databaseUrl?: string | undefined;
  /** Fill a demonstration organisation and platform. */
  demo: boolean;
  /**
   * Run backend, operator, gateway and sandbox from source, started again at every change, the hub by Vite and the
   * demonstration's platform by Next's development server.
   */
  watch?: boolean;
  /** Added to every service's environment. */
  env?: Record<string, string>;
}

export interface Platform {
  publicUrl: string;
  /** As the owner of the tables. */
  databaseUrl: string;
  /** As the role that set the database up. */
  superuserUrl: string;
  services: Services;
  ports: Record<'backend' | 'hub' | 'operator' | 'sandbox' | 'status', number>;
  /** Ends the services and, unless told to keep it, the database. */
  stop(): Promise<void>;
}

/**
 * A laptop's memory is short and its only user patient: platforms sleep earlier than the operator's own default says.
 */
function sleepSettings(): Record<string, string> {
  const { SLEEP_AFTER_MINUTES = '10', SLEEP_AT_MEMORY } = process.env;
  return { SLEEP_AFTER_MINUTES, ...(SLEEP_AT_MEMORY && { SLEEP_AT_MEMORY }) };
}

/** Settings that are handed on as they are: where traces go, and where files and backups lie. */
function handedOn(): Record<'tracing' | 'storage', Record<string, string>> {
  const matching = (pattern: RegExp) =>
    Object.fromEntries(
      Object.entries(process.env).filter(
        (entry): entry is [string, string] => entry[1] !== undefined && pattern.test(entry[0]),
      ),
    );
  // Each process has a name of its own.
  return { tracing: matching(/^OTEL_(?!SERVICE_NAME)/), storage: matching(/^(?:S3|BACKUP)_/) };
}

/** Starts everything and resolves when the public port answers. */
export async function startPlatform(settings: PlatformSettings): Promise<Platform> {
  const { dataDir, port, demo, watch = false } = settings;
  mkdirSync(dataDir, { recursive: true });
  const services = new Services(dataDir);
  await requirePort(port);

  const secret = await renewDatabaseSecret(dataDir);
  const release = await publishRelease(dataDir);
  const docker = process.env.DRIVER === 'docker' ? engineSocket() : undefined;
  if (docker) await step('Container image of the release', () => imageOf(release, docker));
  const postgres = settings.databaseUrl
    ? { url: settings.databaseUrl, stop: async () => {} }
    : await step('Starting PostgreSQL', () => startPostgres({ dataDir }));
  const databases = await step('Preparing database roles', () =>
    bootstrapRoles({ superuserUrl: postgres.url, database: 'preau', passwordSecret: secret.databaseSecret }),
  );

  const programs =
    process.env.POSTGRES_BIN ?? (settings.databaseUrl ? undefined : await postgresPrograms(dataDir));
  // Off unless asked for: a copy of the server a day and some days of its log are much for a laptop's disk.
  const whole = process.env.WHOLE_BACKUPS === '1';
  if (databases.replicationUrl) {
    if (whole)
      await keepKeys(await backupsOf(dataDir, databases), await systemOf(databases.replicationUrl), dataDir);
    else await dropSlot(databases.replicationUrl).catch(() => {});
  }

  const { forBackend, forHub, forGateway, forStatus, ...ports } = await freePorts(
    ...(['backend', 'hub', 'operator', 'sandbox', 'status'] as const),
    ...(['forBackend', 'forHub', 'forGateway', 'forStatus'] as const),
  );
  /** Beside the ports that the gateway passes on to: what Prometheus reads. */
  const metrics = { backend: forBackend, hub: forHub, gateway: forGateway, status: forStatus };
  writeTargets(dataDir, { ...metrics, operator: ports.operator });
  const at = (number: number) => `http://127.0.0.1:${number}`;
  const publicUrl = `http://localhost:${port}`;
  const payUrl = `http://pay.localhost:${port}`;
  const control = join(dataDir, 'gateway.sock');
  const operatorControl = join(dataDir, 'operator.sock');
  const { tracing, storage } = handedOn();
  const shared = {
    NODE_ENV: watch ? 'development' : 'production',
    PREAU_PUBLIC_URL: publicUrl,
    BACKEND_URL: at(ports.backend),
    DATA_DIR: dataDir,
    ...tracing,
    ...sleepSettings(),
    ...settings.env,
  };
  const sandbox = {
    SANDBOX_URL: at(ports.sandbox),
    SANDBOX_API_KEY: secret.sandboxApiKey,
    SANDBOX_WEBHOOK_SECRET: secret.sandboxWebhookSecret,
    SANDBOX_PUBLIC_URL: payUrl,
  };

  function service(name: string, listen: number, env: Record<string, string>): Service {
    const sources = join(root, 'apps', name);
    const cwd = watch ? sources : publishService(dataDir, name);
    const fromSource =
      name === 'hub'
        ? [
            join(root, 'node_modules/.bin/vite'),
            'dev',
            '--port',
            String(listen),
            '--strictPort',
            '--host',
            '127.0.0.1',
          ]
        : ['--watch', 'src/main.ts'];
    const flags = name === 'backend' ? BACKEND_FLAGS : [];
    const handedOver = HANDED_OVER.find((one) => one === name);
    const fromBuild = handedOver
      ? [
          PRIMARY,
          `--control=${controlOf(dataDir, handedOver)}`,
          `--current=${currentOf(dataDir, handedOver)}`,
          `--main=${mainOf(name)}`,
          ...flags.map((flag) => `--flag=${flag}`),
          ...PROBES[handedOver].map((path) => `--probe=${path}`),
        ]
      : [...flags, mainOf(name)];
    const main = watch ? fromSource : fromBuild;
    return {
      name,
      command: [process.execPath, ...main],
      cwd,
      env: { ...shared, HOST_BIND: '127.0.0.1', HOST: '127.0.0.1', PORT: String(listen), ...env },
      health: { port: listen },
    };
  }

  const list: { title: string; service: Service }[] = [
    {
      title: 'Sandbox payments',
      service: service('sandbox', ports.sandbox, {
        ...sandbox,
        SANDBOX_DATABASE_URL: databases.sandboxUrl,
        SANDBOX_WEBHOOK_URL: `${at(ports.hub)}/webhooks/sandbox`,
        SANDBOX_ALLOW_PRODUCTION: '1',
      }),
    },
    {
      title: 'Backend: migrations and API',
      service: service('backend', ports.backend, {
        DATABASE_OWNER_URL: databases.ownerUrl,
        DATABASE_PLATFORM_URL: databases.platformUrl,
        DATABASE_TENANT_URL: databases.tenantUrl,
        DATABASE_JOBS_URL: databases.jobsUrl,
        // Containers reach this machine by another address than its loopback.
        ...(docker ? { HOST_BIND: '0.0.0.0' } : {}),
        DATABASE_BACKUP_URL: databases.backupUrl,
        BACKUP_KEYS: secret.backupKey,
        ...storage,
        ...(whole && databases.replicationUrl ? { DATABASE_REPLICATION_URL: databases.replicationUrl } : {}),
        ...(programs ? { POSTGRES_BIN: programs } : {}),
        SERVICE_KEYS_FILE: secret.publicKeysFile,
        PAYLOAD_SECRET: secret.payloadSecret,
        ...(demo
          ? { SEED_DEMO: '1', SANDBOX_URL: sandbox.SANDBOX_URL, SANDBOX_API_KEY: sandbox.SANDBOX_API_KEY }
          : {}),
        OUTBOX_READABLE: '1',
        METRICS_PORT: String(metrics.backend),
        OPERATOR_CONTROL: operatorControl,
        // glibc would keep an arena for each thread of argon2 and sharp: 70 MB more after an import.
        MALLOC_ARENA_MAX: '2',
        ...(process.env.SMTP_URL ? { SMTP_URL: process.env.SMTP_URL } : {}),
      }),
    },
    {
      title: 'Hub',
      service: service('hub', ports.hub, {
        ...sandbox,
        SERVICE_KEY_FILE: secret.hubKeyFile,
        ORIGIN: publicUrl,
        METRICS_PORT: String(metrics.hub),
        HUB_SECRET: secret.hubSecret,
        OUTBOX_READABLE: '1',
      }),
    },
    {
      title: 'Gateway',
      service: {
        ...service('gateway', port, {
          HUB_URL: at(ports.hub),
          SANDBOX_URL: at(ports.sandbox),
          STATUS_URL: at(ports.status),
          METRICS_PORT: String(metrics.gateway),
          GATEWAY_CONTROL: control,
          OPERATOR_CONTROL: operatorControl,
          HOST_BIND: process.env.HOST_BIND ?? '127.0.0.1',
        }),
        health: { socket: control },
      },
    },
    {
      title: 'Operator',
      service: {
        ...service('operator', ports.operator, {
          ...sandbox,
          SERVICE_KEY_FILE: secret.operatorKeyFile,
          OPERATOR_DATABASE_URL: databases.operatorUrl,
          GATEWAY_CONTROL: control,
          OPERATOR_CONTROL: operatorControl,
          LMS_RELEASE_DIR: release.folder,
          LMS_RELEASE: release.manifest.id,
          ...(docker ? { DRIVER: 'docker', DOCKER_SOCKET: docker } : {}),
          SYNTHETIC_HOURS: process.env.SYNTHETIC_HOURS ?? '0',
          ...(watch
            ? {
                LMS_SOURCE_PLATFORM: `http://demo.localhost:${port}`,
                LMS_SOURCE_DIR: join(root, 'apps/lms'),
              }
            : {}),
        }),
        // SIGTERM leaves the instances running for its successor; SIGINT ends them too.
        stopSignal: 'SIGINT',
      },
    },
    {
      title: 'Status page',
      service: service('status', ports.status, {
        GATEWAY_URL: at(port),
        METRICS_PORT: String(metrics.status),
        ...(demo ? { STATUS_SAMPLE_PLATFORM: `http://demo.localhost:${port}` } : {}),
      }),
    },
  ];
  const stop = async () => {
    await services.stop();
    await postgres.stop();
  };
  try {
    for (const { title, service } of list) {
      await step(title, () => services.start(service));
      if (service.name === 'backend')
        await registerRelease(asOperator(secret.operatorKeyFile, at(ports.backend)), release, true);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { publicUrl, databaseUrl: databases.ownerUrl, superuserUrl: postgres.url, services, ports, stop };
}

/** For deploy/monitoring/prometheus.yml, in Prometheus's own form (`file_sd_configs`). */
function writeTargets(dataDir: string, ports: Record<string, number>): void {
  const folder = join(dataDir, 'monitoring');
  mkdirSync(folder, { recursive: true });
  const targets = Object.entries(ports).map(([name, port]) => ({
    targets: [`127.0.0.1:${port}`],
    labels: { process: name },
  }));
  writeFileSync(join(folder, 'targets.json'), `${JSON.stringify(targets, null, 2)}\n`);
}
