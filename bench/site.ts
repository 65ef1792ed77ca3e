/** The whole platform, started for measuring, and the clients by which the bench speaks to it. */
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from '@preau/contract';
import { createSigner, generateKey, privateKeyFile, type Signer } from '@preau/identity';
import pg from 'pg';
import { type Platform, startPlatform } from '../tools/platform.ts';
import { freePort } from '../tools/process.ts';
import { exchange } from './exchange.ts';
import { childrenOf, ownDatabases, type Usage, usageOf } from './processes.ts';

const MAIL_TIMEOUT_MS = 10_000;
const LIVE_TIMEOUT_MS = 60_000;

export interface Site {
  platform: Platform;
  dataDir: string;
  port: number;
  /** The hub's client. */
  hub: Client;
  /** The operator's. */
  operator: Client;
  demo: Tenant;
  /** Another platform, once it is live. */
  open(slug: string): Promise<Tenant>;
  /** CPU of the platform: services, database with its sessions, instances. */
  usage(): Usage;
  stop(): Promise<void>;
}

/** A platform, spoken to as its own instance does. */
export interface Tenant {
  slug: string;
  instanceId: string;
  tenantId: string;
  client: Client;
  signer: Signer;
  /** The Host header of its pages. */
  host: string;
}

/** @param env added to every service’s environment */
export async function startSite(env: Record<string, string> = {}): Promise<Site> {
  const dataDir = mkdtempSync(join(tmpdir(), 'preau-bench-'));
  chmodSync(dataDir, 0o755);
  const port = await freePort();
  // Everybody here comes from one address: its limits would be those of a whole school.
  const remove = () => rmSync(dataDir, { recursive: true, force: true });
  const platform = await startPlatform({
    dataDir,
    port,
    demo: true,
    env: { RATE_LIMIT_FACTOR: '10000', ...env },
  }).catch((error: unknown) => {
    remove();
    throw error;
  });
  const stop = async () => {
    await platform.stop();
    remove();
  };
  try {
    const usage = () => {
      const { services } = platform;
      const pidsOf = (name: string) => [services.pid(name)].filter((pid) => pid !== undefined);
      return usageOf({
        gateway: pidsOf('gateway'),
        instances: pidsOf('operator').flatMap(childrenOf),
        backend: pidsOf('backend'),
        postgres: ownDatabases(),
        operator: pidsOf('operator'),
        hub: pidsOf('hub'),
        sandbox: pidsOf('sandbox'),
      });
    };
    const baseUrl = `http://127.0.0.1:${platform.ports.backend}`;
    const service = (name: string) => {
      const key = privateKeyFile.parse(
        JSON.parse(readFileSync(join(dataDir, 'secrets', `${name}.key.json`), 'utf8')),
      );
      return createClient({ baseUrl, token: createSigner(key).token });
    };
    const operator = service('operator');
    const open = (slug: string) => openTenant(operator, baseUrl, port, slug);
    const demo = await open('demo');
    return { platform, dataDir, port, hub: service('hub'), operator, demo, open, usage, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits until a platform is live and registers a key of the bench's own for it. */
async function openTenant(operator: Client, baseUrl: string, port: number, slug: string): Promise<Tenant> {
  const deadline = Date.now() + LIVE_TIMEOUT_MS;
  for (;;) {
    const { items } = await operator.listDesiredInstances();
    const instance = items.find((each) => each.slug === slug);
    const host = `${slug}.localhost:${port}`;
    if (instance?.tenantId && (await isLive(port, host))) {
      const key = await generateKey(`instance:${instance.id}`, randomUUID());
      await operator.registerInstanceKey({
        params: { instanceId: instance.id, kid: key.kid },
        body: { kty: 'OKP', crv: 'Ed25519', x: key.privateKey.x },
      });
      const signer = createSigner(key, { tenant: instance.tenantId, release: 'bench' });
      const client = createClient({ baseUrl, token: signer.token });
      return { slug, instanceId: instance.id, tenantId: instance.tenantId, client, signer, host };
    }
    if (Date.now() > deadline) throw new Error(`${slug} did not go live.`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** As the superuser, whom no policy hides anything from. */
export async function openDatabase({ platform }: Pick<Site, 'platform'>): Promise<pg.Client> {
  const url = new URL(platform.superuserUrl);
  url.pathname = new URL(platform.databaseUrl).pathname;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  return client;
}

/** Whether the platform's log-in page answers 200. */
export async function isLive(port: number, host: string): Promise<boolean> {
  const answer = await exchange({ port, host, path: '/sign-in' }).catch(() => undefined);
  return answer?.status === 200;
}

/** The token in the newest mail of the built-in outbox to an address. @param host of the link, where several may write */
export async function mailedToken(hub: Client, to: string, host = ''): Promise<string> {
  const deadline = Date.now() + MAIL_TIMEOUT_MS;
  for (;;) {
    const { items } = await hub.listOutbox({ query: { to } });
    const [newest] = items;
    if (newest) {
      const { text } = await hub.readOutboxMail({ params: { mailId: newest.id } });
      const [, where, token] = /https?:\/\/([^/\s]+)\S*[?&]token=([\w.-]+)/.exec(text) ?? [];
      if (token && where?.endsWith(host)) return token;
    }
    if (Date.now() > deadline) throw new Error(`There is no mail with a link to ${to}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
