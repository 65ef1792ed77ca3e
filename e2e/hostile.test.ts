/// <reference lib="dom" />
/** A hostile visitor: strange strings, ten megabytes, wrong types, foreign ids, forged and replayed messages. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { signWebhook } from '@preau/billing';
import type { Page } from 'playwright-core';
import { signIn } from './trainer.ts';
import { demoPassword, journey, shared, useWorld, visitor } from './world.ts';

const world = useWorld();
const TEN_MEGABYTES = 10 * 1024 * 1024;
/** How long a browser on a busy machine may stand still with that in a field. */
const SWALLOWED_MS = 60_000;
const run = Date.now().toString(36);
/** When the first of these journeys began: earlier ones kill services on purpose, and those complain. */
let began = 0;
const foreign = '01890000-0000-7000-8000-000000000000';
/** What paths are tried with. */
const oddIds = [
  foreign,
  'nothing',
  '%00',
  '..%2f..%2fetc%2fpasswd',
  "1'%20OR%201=1--",
  'a'.repeat(5_000),
  '%F0%9F%92%A9',
];

const stringsFile = join(shared, 'strings/blns.json');
const demo = () => world().site('demo');

/** The big list of naughty strings, or none where this machine has not got it. */
function naughty(t: TestContext): string[] {
  if (existsSync(stringsFile)) {
    const strings: unknown = JSON.parse(readFileSync(stringsFile, 'utf8'));
    if (Array.isArray(strings)) return strings.filter((one) => typeof one === 'string');
  }
  t.skip(`${stringsFile} is not here`);
  return [];
}

interface Answer {
  status: number;
  type: string;
  text: string;
}

/** One request to the gateway, whatever its Host; nothing of it is made valid on the way. */
function send(
  address: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<Answer> {
  const { host, port, origin } = new URL(address);
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path: address.slice(origin.length) || '/',
        headers: { host, 'content-length': Buffer.byteLength(body), ...headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'] ?? '',
            text: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}

/** A setting of a service that this run started; undefined where another run did. */
function settingOf(name: string): string | undefined {
  if (process.env.E2E_RUNNING) return undefined;
  for (const pid of world().platform.pids()) {
    try {
      const line = readFileSync(`/proc/${pid}/environ`, 'utf8')
        .split('\0')
        .find((one) => one.startsWith(`${name}=`));
      if (line) return line.slice(name.length + 1);
    } catch {
      // Not Linux, or gone since.
    }
  }
  return undefined;
}

test('every operation of the API refuses whom it does not know and what it does not understand', async () => {
  began = Date.now();
  const api = new URL(world().hub);
  api.hostname = 'api.localhost';
  const document = JSON.parse((await send(`${api.origin}/v1/openapi.json`)).text) as {
    paths: Record<string, Record<string, unknown>>;
  };
  const json = { 'content-type': 'application/json' };
  const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
  let tried = 0;
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const operation of Object.keys(operations)) {
      const method = operation.toUpperCase();
      for (const id of oddIds) {
        if (id !== foreign && !path.includes('{')) continue;
        const address = api.origin + path.replace(/\{[^}]+\}/g, id);
        const answer = await send(address, {
          method,
          headers: { ...json, authorization: 'Bearer x.y.z' },
          ...(method === 'GET' ? {} : { body: '{"a":[null,1e999]}' }),
        });
        assert.ok(
          answer.status < 500,
          `${method} ${address} answers ${answer.status}: ${answer.text.slice(0, 300)}`,
        );
        tried += 1;
      }
      if (method === 'GET') continue;
      for (const body of ['', '{', 'null', '[]', '"x"', deep]) {
        const address = api.origin + path.replace(/\{[^}]+\}/g, foreign);
        const answer = await send(address, { method, headers: json, body });
        assert.ok(
          answer.status >= 400 && answer.status < 500,
          `${method} ${path} answers ${answer.status} to ${body.slice(0, 20)}`,
        );
        assert.match(answer.type, /problem\+json/, `${method} ${path} answers ${answer.type}`);
        tried += 1;
      }
    }
  }
  assert.ok(tried > 300, `${tried} requests`);
});

test('webhooks: unsigned, forged, old, from the future, sent again', async (t) => {
  const address = `${world().hub}/webhooks/sandbox`;
  const body = JSON.stringify({ id: `evt_${run}`, type: 'customer.updated', livemode: false });
  const post = (headers: Record<string, string>, sent: string | Buffer = body, to = address) =>
    send(to, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: sent });
  const signature = 'preau-signature';
  assert.equal((await post({})).status, 400);
  assert.equal((await post({ [signature]: 't=1,v1=00' })).status, 400);
  assert.equal(
    (await post({ [signature]: `t=${Math.floor(Date.now() / 1000)},v1=${'0'.repeat(64)}` })).status,
    400,
  );
  assert.equal((await post({}, body, `${world().hub}/webhooks/nobody`)).status, 404);
  assert.equal((await post({}, Buffer.alloc(2 * 1024 * 1024))).status, 413);

  const secret = settingOf('SANDBOX_WEBHOOK_SECRET')?.split(',')[0];
  if (!secret) {
    t.diagnostic('signed webhooks are tried only against a platform that this run starts');
    return;
  }
  const HOUR_MS = 3_600_000;
  for (const at of [Date.now() - HOUR_MS, Date.now() + HOUR_MS]) {
    const signed = signWebhook(Buffer.from(body), new Date(at), [secret]);
    assert.equal((await post({ [signature]: signed })).status, 400);
  }
  for (const sent of ['{', 'null', '[]', '{"id":1}', '"x"']) {
    const signed = signWebhook(Buffer.from(sent), new Date(), [secret]);
    const { status } = await post({ [signature]: signed }, sent);
    assert.ok(status >= 400 && status < 500, `a signed ${sent} answers ${status}`);
  }
});

test('the hub’s forms take strange strings, much too long ones and none at all', async (t) => {
  const hub = world().hub;
  const post = (path: string, fields: Record<string, string>) =>
    send(hub + path, {
      method: 'POST',
      headers: { origin: hub, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    });
  for (const text of naughty(t)) {
    // Too short a password: nobody is signed up, and the page comes back with what was typed.
    for (const path of ['/inscription', '/connexion?/password', '/forgot-password']) {
      const { status } = await post(path, { name: text, email: text, password: text.slice(0, 3) });
      assert.ok(status >= 200 && status < 500, `${path} answers ${status} to ${JSON.stringify(text)}`);
    }
  }
  for (const path of [
    '/inscription',
    '/connexion?/password',
    '/forgot-password',
    '/reset-password?/password',
  ]) {
    assert.ok((await post(path, {})).status < 500, `${path} without fields`);
    const large = await post(path, { name: 'é'.repeat(TEN_MEGABYTES / 6), email: 'a@b.test', password: 'x' });
    assert.ok([400, 413].includes(large.status), `${path} answers ${large.status} to ten megabytes`);
    const foreignOrigin = await send(hub + path, {
      method: 'POST',
      headers: { origin: 'https://evil.test' },
      body: 'name=x',
    });
    assert.equal(foreignOrigin.status, 403, `${path} from another site`);
    const notAForm = await send(hub + path, {
      method: 'POST',
      headers: { origin: hub, 'content-type': 'multipart/form-data' },
      body: 'x',
    });
    assert.ok(
      notAForm.status >= 400 && notAForm.status < 500,
      `${path} answers ${notAForm.status} to a broken form`,
    );
  }
});

test('signing up keeps what was typed, whatever that is', async (t) => {
  const { context, page } = await visitor(world());
  const strings = sample(naughty(t), 12);
  await journey('hostile-sign-up', [context], async () => {
    for (const text of strings) {
      await page.goto(`${world().hub}/inscription`);
      const typed = oneLine(text).slice(0, 80);
      await page.locator('input[name="name"]').fill(typed);
      await page.locator('input[name="email"]').fill('ceci n’est pas une adresse');
      await page.locator('input[name="password"]').fill('court');
      await page.getByRole('button', { name: 'Créer mon compte' }).click();
      await page.locator('[aria-invalid="true"]').first().waitFor();
      assert.equal(await page.locator('input[name="name"]').inputValue(), typed);
    }
  });
});

test('a platform’s forms take strange strings and ten megabytes, and run none of them', async (t) => {
  const { context, page } = await visitor(world());
  const strings = naughty(t);
  page.on('dialog', (dialog) => {
    assert.fail(`a script ran: ${dialog.message()}`);
  });
  await journey('hostile-platform', [context], async () => {
    await signIn(page, demo(), 'formateur@demo.test', demoPassword);
    for (const text of strings.filter((one) => /<|script|\{\{|%|\u202e/i.test(one)).slice(0, 8)) {
      const title = oneLine(text).slice(0, 150);
      await page.goto(`${demo()}/studio`);
      await page.locator('#new-course input[name="title"]').fill(title);
      await page.locator('#new-course button[type="submit"]').click();
      const opened = page.waitForURL(/\/studio\/courses\/[0-9a-f-]{36}$/).then(() => 'opened');
      const refused = page
        .locator('#new-course [role="alert"]')
        .waitFor()
        .then(() => 'refused');
      opened.catch(() => undefined);
      refused.catch(() => undefined);
      if ((await Promise.race([opened, refused])) === 'opened') {
        assert.equal(spaced(await page.locator('h1').innerText()), spaced(title));
      } else {
        assert.equal(await page.locator('#new-course input[name="title"]').inputValue(), title);
      }
    }
    await page.goto(`${demo()}/profile`);
    const name = page.locator('input[name="name"]');
    await overfill(page, TEN_MEGABYTES);
    const form = page.locator('main form').filter({ has: name });
    await form.locator('button[type="submit"]').click({ timeout: SWALLOWED_MS });
    await form.locator('[role="alert"]').first().waitFor({ timeout: SWALLOWED_MS });
    assert.equal((await name.inputValue()).length, TEN_MEGABYTES, 'what was typed is lost');
  });
});

test('ids of nobody lead to a page that says so', async () => {
  const { context, page } = await visitor(world());
  await journey('hostile-ids', [context], async () => {
    await signIn(page, demo(), 'formateur@demo.test', demoPassword);
    const paths = [
      '/studio/courses/',
      '/studio/activities/',
      '/studio/imports/',
      '/activities/',
      '/courses/',
      '/certificates/',
      '/verify/',
      '/assets/',
    ];
    for (const path of paths) {
      for (const id of oddIds.filter((one) => one.length < 1_000)) {
        const answer = await page.goto(demo() + path + id);
        const status = answer?.status() ?? 0;
        assert.ok(status >= 400 && status < 500, `${path}${id} answers ${status}`);
      }
    }
    const course = { headers: { origin: demo(), 'content-type': 'application/json' } };
    for (const [method, path] of [
      ['PATCH', `/api/studio/activities/${foreign}`],
      ['PUT', `/api/studio/activities/${foreign}/questions`],
      ['POST', '/api/uploads'],
      ['PATCH', `/api/uploads/${foreign}`],
    ] as const) {
      for (const body of ['', '{', '{"questions":7}', 'x'.repeat(TEN_MEGABYTES)]) {
        const { status } = await send(demo() + path, { method, ...course, body });
        assert.ok(
          status >= 400 && status < 500,
          `${method} ${path} answers ${status} to ${body.length} bytes`,
        );
      }
    }
  });
});

test('two clicks make one course', async () => {
  const { context, page } = await visitor(world());
  await journey('hostile-twice', [context], async () => {
    await signIn(page, demo(), 'formateur@demo.test', demoPassword);
    await page.goto(`${demo()}/studio`);
    const title = `Deux clics ${run}`;
    await page.locator('#new-course input[name="title"]').fill(title);
    await page.locator('#new-course button[type="submit"]').dblclick();
    await page.waitForURL(/\/studio\/courses\/[0-9a-f-]{36}$/);
    await page.goto(`${demo()}/studio?search=${encodeURIComponent(title)}`);
    assert.equal(await page.getByRole('link', { name: title, exact: true }).count(), 1);
  });
});

test('no service complains afterwards', (t) => {
  const dataDir = settingOf('DATA_DIR');
  if (!dataDir) return t.skip('the logs of a platform that this run did not start are out of reach');
  const logs = join(dataDir, 'logs');
  for (const file of readdirSync(logs)) {
    const bad = readFileSync(join(logs, file), 'utf8')
      .split('\n')
      .filter((line) => /"level":(50|60)|unhandled/i.test(line))
      .filter((line) => Number(/"time":(\d+)/.exec(line)?.[1] ?? began) >= began);
    assert.deepEqual(bad.slice(0, 3), [], file);
  }
});

/** Text as one line, which is what a field of one line keeps of it. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim() || 'vide';
}

const spaced = (text: string) => text.normalize().replace(/\s+/g, ' ').trim();

function sample(strings: string[], count: number): string[] {
  const step = Math.max(1, Math.floor(strings.length / count));
  return strings.filter((_, index) => index % step === 0).slice(0, count);
}

/** Types more into the name than the field lets. */
async function overfill(page: Page, length: number): Promise<void> {
  await page.evaluate((length) => {
    const field = document.querySelector<HTMLInputElement>('main input[name="name"]');
    if (!field) throw new Error('no field');
    field.removeAttribute('maxlength');
    field.value = 'x'.repeat(length);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }, length);
}
