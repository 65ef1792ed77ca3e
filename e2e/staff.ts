/** Somebody of our own staff: signs in once with a code app, as a person does, and keeps the session for the run. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret, TOTP } from 'otpauth';
import type { BrowserContext, Page } from 'playwright-core';
import { faults } from './accessibility.ts';
import { artifacts, demoPassword, visitor, type World } from './world.ts';

const EMAIL = 'staff@preau.test';
/** Between journeys on a platform that keeps running: an app is enrolled once. */
const kept = join(artifacts, 'staff-secret');

/** Shorter than staff are believed to be still there: what is dangerous would ask again. */
const FRESH_MS = 8 * 60_000;

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;
let session: Promise<Cookies> | undefined;
let since = 0;
let known: string | undefined;

/** The session that the next visitor shares: for whoever changed it. */
export async function shareSession(context: BrowserContext): Promise<void> {
  session = Promise.resolve(await staffCookies(context));
}

const staffCookies = async (context: BrowserContext) =>
  (await context.cookies()).filter(({ name }) => name === 'preau_staff');

/** A visitor whose SuperAdmin session is open, and was opened just now. */
export async function staffVisitor(
  world: World,
  options: Parameters<typeof visitor>[1] = {},
): ReturnType<typeof visitor> {
  if (Date.now() - since > FRESH_MS) session = undefined;
  session ??= signIn(world);
  const opened = await visitor(world, options);
  await opened.context.addCookies(await session);
  return opened;
}

async function signIn(world: World): Promise<Cookies> {
  const { context, page } = await visitor(world);
  try {
    await page.goto(`${world.hub}/admin`);
    await page.waitForURL(/\/admin\/sign-in/);
    await password(page);
    const secret = await enrolment(page);
    // The page with the square code is there once in a run.
    assert.deepEqual(await faults(page, 'fr'), []);
    await page.locator('input[name="code"]').fill('000000');
    await submit(page);
    await page.locator('[aria-invalid="true"]').waitFor();
    await page.locator('input[name="code"]').fill(codeOf(secret));
    await submit(page);
    // Whoever has just enrolled sees their recovery codes first.
    const onwards = page.getByRole('link', { name: 'Continuer' });
    await onwards.or(page.locator('a[href="/admin/tenants"]')).first().waitFor();
    if (await onwards.isVisible()) await onwards.click();
    await page.waitForURL(`${world.hub}/admin`);
    since = Date.now();
    return await staffCookies(context);
  } finally {
    await context.close();
  }
}

/** The first of the two steps. */
export async function password(page: Page): Promise<void> {
  await page.locator('input[name="email"]').fill(EMAIL);
  await page.locator('input[name="password"]').fill(demoPassword);
  await submit(page);
  await page.locator('input[name="code"]').waitFor();
}

async function enrolment(page: Page): Promise<string> {
  const shown = page.locator('main code').first();
  if ((await shown.count()) > 0) {
    const secret = (await shown.innerText()).replace(/\s/g, '');
    known = secret;
    if (process.env.E2E_RUNNING) writeFileSync(kept, secret, { mode: 0o600 });
    return secret;
  }
  if (known) return known;
  assert.ok(existsSync(kept), 'staff enrolled an app before, whose secret is not known to this run');
  return readFileSync(kept, 'utf8');
}

const codeOf = (secret: string) => new TOTP({ secret: Secret.fromBase32(secret) }).generate();

async function submit(page: Page): Promise<void> {
  await page.locator('main form button:not([type="button"])').last().click();
}
