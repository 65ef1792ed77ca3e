/** One platform and one browser, shared by all journeys of a run. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { startEngine } from '../apps/operator/src/testing/engine.ts';
import { engineSocket } from '../tools/image.ts';
import { chromiumPath } from '../tools/paths.ts';
import { startPlatform } from '../tools/platform.ts';
import { freePort } from '../tools/process.ts';
import { leaks, secretsOf } from './leaks.ts';

const ACTION_TIMEOUT_MS = 15_000;
const phone = { width: 360, height: 740 };
const desktop = { width: 1280, height: 860 };

export const shared = join(import.meta.dirname, '../../shared/content');
/** The password of everybody in the demonstration. */
export const demoPassword = 'preau-demo-2026';
export const customerPassword = 'quatre chevaux sous le préau';
export const learnerPassword = 'trois vélos contre le mur';
/** Where a failing journey leaves its screenshots. */
export const artifacts = join(import.meta.dirname, '../artifacts');

export interface World {
  platform: {
    publicUrl: string;
    /** Where what runs keeps its data. */
    dataDir: string;
    /** The database as its superuser, whom row-level security hides nothing from. */
    databaseUrl: string;
    /** The Docker engine's socket where instances are containers (`DRIVER=docker npm test -- e2e`). */
    engine?: string;
    /** Ends a service at once; the launcher starts it again. */
    kill(service: string): void;
    pids(): number[];
    stop(): Promise<void>;
  };
  browser: Browser;
  /** The hub's address. */
  hub: string;
  /** A platform's address. */
  site(slug: string): string;
}

let world: Promise<World> | undefined;

/**
 * A platform that runs already, for whoever writes a journey: `E2E_RUNNING=http://localhost:8080 node --test e2e/…`;
 * with E2E_DATA_DIR and E2E_DATABASE_URL also the journeys that look into its folder and its tables.
 */
function running(publicUrl: string): Pick<World, 'platform'> & { port: number } {
  const unavailable = () =>
    assert.fail('this journey starts and stops processes: run it without E2E_RUNNING');
  return {
    port: Number(new URL(publicUrl).port || 80),
    platform: {
      publicUrl,
      dataDir: process.env.E2E_DATA_DIR ?? '',
      databaseUrl: process.env.E2E_DATABASE_URL ?? '',
      kill: unavailable,
      pids: unavailable,
      stop: async () => {},
    },
  };
}

async function open(): Promise<World> {
  mkdirSync(artifacts, { recursive: true });
  const { platform, port } = process.env.E2E_RUNNING ? running(process.env.E2E_RUNNING) : await start();
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-sync',
    ],
  });
  return { platform, browser, hub: platform.publicUrl, site: (slug) => `http://${slug}.localhost:${port}` };
}

async function start(): Promise<Pick<World, 'platform'> & { port: number }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'preau-e2e-'));
  chmodSync(dataDir, 0o755);
  const port = await freePort();
  const engine =
    process.env.DRIVER === 'docker' && !process.env.DOCKER_HOST ? await startEngine() : undefined;
  if (engine) process.env.DOCKER_HOST = `unix://${engine.socket}`;
  // Everybody here comes from one address: its limits would be those of a whole school.
  const platform = await startPlatform({ dataDir, port, demo: true, env: { RATE_LIMIT_FACTOR: '100' } });
  const database = new URL(platform.superuserUrl);
  database.pathname = new URL(platform.databaseUrl).pathname;
  return {
    port,
    platform: {
      publicUrl: platform.publicUrl,
      dataDir,
      databaseUrl: database.href,
      ...(process.env.DRIVER === 'docker' ? { engine: engineSocket() } : {}),
      kill: (name) =>
        process.kill(platform.services.pid(name) ?? assert.fail(`${name} does not run`), 'SIGKILL'),
      pids: () => platform.services.pids(),
      async stop() {
        await platform.stop();
        await engine?.stop();
        rmSync(dataDir, { recursive: true, force: true });
      },
    },
  };
}

/** Declares the world's start and end around the tests of a file; call it once at the top of each. */
export function useWorld(): () => World {
  let ready: World | undefined;
  before(
    async () => {
      world ??= open();
      ready = await world;
    },
    { timeout: 180_000 },
  );
  return () => {
    if (!ready) throw new Error('the world is not open yet');
    return ready;
  };
}

/** Ends the world of this run, and looks what its processes wrote about it. */
export async function closeWorld(): Promise<void> {
  if (!world) return;
  const { browser, platform } = await world;
  await browser.close();
  const { dataDir } = platform;
  const found =
    dataDir === ''
      ? []
      : leaks(dataDir, [demoPassword, customerPassword, learnerPassword, ...secretsOf(dataDir)]);
  await platform.stop();
  assert.deepEqual(found.slice(0, 20), [], 'the logs hold what is secret or personal');
}

/** What Chromium says where a page asks for something that its own policies forbid. */
const REFUSAL =
  /Content Security Policy|Permissions[ -]policy|Cross-Origin-\w+-Policy|ERR_BLOCKED_BY_RESPONSE|blocked by CORS/i;
const refusals = new WeakMap<BrowserContext, string[]>();

/** A fresh visitor: no cookies, the given language and screen. */
export async function visitor(
  { browser }: World,
  options: {
    locale?: 'fr-FR' | 'en-GB';
    screen?: 'phone' | 'desktop';
    dark?: boolean;
    javaScript?: boolean;
    /** Meets pages of somebody else that try what the policies forbid. */
    hostile?: boolean;
  } = {},
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({
    locale: options.locale ?? 'fr-FR',
    viewport: options.screen === 'phone' ? phone : desktop,
    colorScheme: options.dark ? 'dark' : 'light',
    javaScriptEnabled: options.javaScript ?? true,
    timezoneId: 'Europe/Paris',
    acceptDownloads: true,
  });
  context.setDefaultTimeout(ACTION_TIMEOUT_MS);
  const refused: string[] = [];
  refusals.set(context, refused);
  context.on('console', (message) => {
    if (!options.hostile && REFUSAL.test(message.text()))
      refused.push(`${message.page()?.url()}: ${message.text()}`);
  });
  return { context, page: await context.newPage() };
}

/** Runs a journey; where it fails, leaves a screenshot of each open page. */
export async function journey(
  name: string,
  contexts: BrowserContext[],
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
    const refused = contexts.flatMap((context) => refusals.get(context) ?? []);
    assert.deepEqual(refused, [], 'a page asked for what its own policies forbid');
  } catch (error) {
    let number = 0;
    for (const context of contexts) {
      for (const page of context.pages()) {
        number += 1;
        const path = join(artifacts, `${name}-${number}.png`);
        await page.screenshot({ path, fullPage: true }).catch(() => undefined);
        console.error(`  ${path}  ${page.url()}`);
      }
    }
    throw error;
  } finally {
    for (const context of contexts) await context.close();
  }
}

after(async () => {
  await closeWorld();
});
