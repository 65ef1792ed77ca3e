/// <reference lib="dom" />
/** What every listener says to a browser, whom it takes a change from, where it leads to and what it leaves behind. */
import assert from 'node:assert/strict';
import { type IncomingHttpHeaders, request } from 'node:http';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { signIn } from './trainer.ts';
import { demoPassword, journey, useWorld, visitor } from './world.ts';

const world = useWorld();
const demo = () => world().site('demo');
const beside = (name: string) => world().hub.replace('//', `//${name}.`);

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** One request to the gateway as it is written, without a browser's or a library's care for it. */
function send(
  origin: string,
  path: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { host, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const call = request(
      { host: '127.0.0.1', port, method, path, headers: { host, accept: 'text/html', ...headers } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
      },
    );
    call.on('error', reject);
    call.end();
  });
}

/** `script-src` → its sources, in lower case. */
function policyOf({ headers }: Answer): Map<string, string[]> {
  const directives = String(headers['content-security-policy'] ?? '').split(';');
  return new Map(
    directives.map((directive) => {
      const [name = '', ...sources] = directive.trim().split(/\s+/);
      return [name, sources];
    }),
  );
}

const sources = (policy: Map<string, string[]>, name: string) =>
  policy.get(name) ?? policy.get('default-src') ?? ['*'];

/** What a page of ours must say, whoever answers it. */
function pageFaults(answer: Answer): string[] {
  const { headers } = answer;
  const policy = policyOf(answer);
  const faults: string[] = [];
  const expect = (right: boolean, fault: string) => {
    if (!right) faults.push(fault);
  };
  const scripts = sources(policy, 'script-src');
  for (const source of ["'unsafe-inline'", "'unsafe-eval'", '*', 'https:', 'http:', 'data:', 'blob:'])
    expect(!scripts.includes(source), `script-src has ${source}`);
  for (const source of ["'unsafe-inline'", '*', 'data:'])
    expect(!sources(policy, 'style-src').includes(source), `style-src has ${source}`);
  expect(sources(policy, 'object-src').join() === "'none'", 'object-src');
  for (const name of ['base-uri', 'frame-ancestors'])
    expect(policy.get(name)?.join() === "'none'", `${name} is ${policy.get(name)}`);
  expect(policy.has('form-action'), 'no form-action');
  // Where a page runs scripts of its own, they carry a nonce or a hash.
  if (/<script(?![^>]*src=)[^>]*>[^<]/.test(answer.text))
    expect(
      scripts.some((one) => /^'(nonce|sha256)-/.test(one)),
      'scripts without a nonce',
    );
  expect(headers['cross-origin-opener-policy'] === 'same-origin', 'cross-origin-opener-policy');
  expect(headers['cross-origin-resource-policy'] === 'same-origin', 'cross-origin-resource-policy');
  expect(
    ['no-referrer', 'same-origin', 'strict-origin-when-cross-origin'].includes(
      String(headers['referrer-policy']),
    ),
    `referrer-policy is ${headers['referrer-policy']}`,
  );
  for (const feature of ['camera', 'microphone', 'geolocation', 'payment', 'usb'])
    expect(
      String(headers['permissions-policy']).includes(`${feature}=()`),
      `permissions-policy of ${feature}`,
    );
  expect(!/public|s-maxage/.test(headers['cache-control'] ?? 'public'), `cache-control`);
  return [...faults, ...anyFaults(answer)];
}

/** What every answer must say. */
function anyFaults({ headers }: Answer): string[] {
  return [
    ...(headers['x-content-type-options'] === 'nosniff' ? [] : ['x-content-type-options']),
    ...(headers['cross-origin-resource-policy'] === 'same-origin' ? [] : ['cross-origin-resource-policy']),
    ...(/frame-ancestors '(none|self)'/.test(String(headers['content-security-policy']))
      ? []
      : ['frame-ancestors']),
    ...(headers['x-powered-by'] || headers.server ? [`says what it is: ${headers['x-powered-by']}`] : []),
    ...(headers['access-control-allow-origin'] ? ['lets other origins read it'] : []),
  ];
}

const pages: [who: string, origin: () => string, path: string, status: number][] = [
  ['hub', () => world().hub, '/', 200],
  ['hub', () => world().hub, '/en/pricing', 200],
  ['hub', () => world().hub, '/connexion', 200],
  ['hub', () => world().hub, '/en/vulnerability-disclosure', 200],
  ['hub', () => world().hub, '/outbox', 200],
  ['hub', () => world().hub, '/nulle-part', 404],
  ['instance', demo, '/sign-in', 200],
  ['instance', demo, '/catalogue', 200],
  ['instance', demo, '/nulle-part', 404],
  ['instance', demo, '/%00', 404],
  ['payment provider', () => beside('pay'), '/', 200],
  ['payment provider', () => beside('pay'), '/nowhere', 404],
  ['gateway', () => beside('nulle-part'), '/', 404],
  ['gateway', () => 'http://other.test', '/', 421],
];
const others: [who: string, origin: () => string, path: string, status: number][] = [
  ['hub', () => world().hub, '/.well-known/security.txt', 200],
  ['hub', () => world().hub, '/robots.txt', 200],
  ['hub', () => world().hub, '/pricing', 308],
  ['instance', demo, '/.well-known/security.txt', 200],
  ['instance', demo, '/catalogue/', 308],
  ['instance', demo, '/healthz', 200],
  ['backend', () => beside('api'), '/v1/openapi.json', 200],
  ['backend', () => beside('api'), '/v1/courses', 401],
  ['backend', () => beside('api'), '/nowhere', 404],
  ['payment provider', () => beside('pay'), '/v1/customers', 401],
];

test('the demonstration goes live a moment after the public port answers', async () => {
  while ((await send(demo(), '/sign-in')).status !== 200) await sleep(200);
});

describe('security headers', () => {
  const at = (origin: string, path: string) =>
    origin === 'http://other.test'
      ? send(world().hub, path, { headers: { host: 'other.test' } })
      : send(origin, path);
  for (const [who, origin, path, status] of pages)
    test(`${who}: the page ${path}`, async () => {
      const answer = await at(origin(), path);
      assert.equal(answer.status, status);
      assert.deepEqual(pageFaults(answer), []);
    });
  for (const [who, origin, path, status] of others)
    test(`${who}: ${path}`, async () => {
      const answer = await at(origin(), path);
      assert.equal(answer.status, status);
      assert.deepEqual(anyFaults(answer), []);
    });
  for (const [who, origin] of [['hub', () => world().hub] as const, ['instance', demo] as const])
    test(`${who}: a file of the build`, async () => {
      const { text } = await send(origin(), who === 'hub' ? '/' : '/sign-in');
      const file = /(?:src|href)="\.?(\/(?:_app|_next)\/[^"]+\.(?:js|css))"/.exec(text)?.[1];
      assert.ok(file);
      const answer = await send(origin(), file);
      assert.equal(answer.status, 200);
      assert.deepEqual(anyFaults(answer), []);
    });

  test('a nonce is used once', async () => {
    for (const [origin, path] of [
      [world().hub, '/'],
      [demo(), '/sign-in'],
    ] as const) {
      const nonces = new Set<string | undefined>();
      for (let i = 0; i < 5; i += 1)
        nonces.add(
          /'nonce-([^']+)'/.exec(String((await send(origin, path)).headers['content-security-policy']))?.[1],
        );
      assert.ok(!nonces.has(undefined));
      assert.equal(nonces.size, 5, origin);
    }
  });
});

describe('changes are taken from our own pages only', () => {
  const methods = ['POST', 'PUT', 'PATCH', 'DELETE'];
  const places: [who: string, origin: () => string, path: string][] = [
    ['hub', () => world().hub, '/connexion'],
    ['hub', () => world().hub, '/sign-out'],
    ['hub', () => world().hub, '/admin/sign-out'],
    ['hub', () => world().hub, '/theme'],
    ['hub', () => world().hub, '/start/organisation'],
    ['instance', demo, '/sign-in'],
    ['instance', demo, '/auth/sign-out'],
    ['instance', demo, '/preferences'],
    ['instance', demo, '/api/uploads'],
    ['instance', demo, '/api/uploads/019f0000-0000-7000-8000-000000000000/asset'],
    ['instance', demo, '/studio'],
  ];
  const senders: Record<string, (own: string) => Record<string, string>> = {
    'another site': () => ({ origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }),
    'another platform': () => ({ origin: world().site('voisin'), 'sec-fetch-site': 'same-site' }),
    'our origin in a longer name': (own) => ({ origin: `${own}.evil.test` }),
    'our origin on another port': (own) => ({ origin: own.replace(/:\d+$/, ':1') }),
    'our origin over TLS': (own) => ({ origin: own.replace('http:', 'https:') }),
    'a hidden origin': () => ({ origin: 'null' }),
    'a hidden origin of another site': () => ({ origin: 'null', 'sec-fetch-site': 'cross-site' }),
    'an origin that the browser’s word denies': (own) => ({ origin: own, 'sec-fetch-site': 'cross-site' }),
    'nobody who says': () => ({}),
    'a form sent from another site': () => ({
      origin: 'https://evil.test',
      'content-type': 'application/x-www-form-urlencoded',
    }),
    'a text sent from another site': () => ({ origin: 'https://evil.test', 'content-type': 'text/plain' }),
    'a method in disguise': () => ({
      origin: 'https://evil.test',
      'x-http-method-override': 'GET',
      'x-forwarded-host': 'evil.test',
    }),
  };
  for (const [who, origin, path] of places)
    test(`${who}: ${path}`, async () => {
      for (const method of methods)
        for (const [name, headers] of Object.entries(senders)) {
          const { status } = await send(origin(), path, { method, headers: headers(origin()) });
          assert.equal(status, 403, `${method} from ${name}`);
        }
    });

  test('the hub’s own pages are no platform’s', async () => {
    // Except for the one form that hands a session over.
    const headers = { origin: world().hub, 'sec-fetch-site': 'same-site' };
    for (const method of methods)
      assert.equal((await send(demo(), '/sign-in', { method, headers })).status, 403);
    const handoff = { ...headers, 'content-type': 'application/x-www-form-urlencoded' };
    assert.equal((await send(demo(), '/auth/handoff', { method: 'POST', headers: handoff })).status, 303);
    assert.equal((await send(demo(), '/auth/handoff', { method: 'PUT', headers })).status, 403);
  });
});

test('no address leads a visitor to another site', async () => {
  const paths = ['//evil.test/', '/\\evil.test/', '/\\/evil.test/', '/.//evil.test/', '/%5cevil.test/'];
  const more = ['/%2f%2fevil.test/', '///evil.test///', '/\t/evil.test/', '/evil.test/..//evil.test/'];
  for (const origin of [world().hub, demo(), world().hub.replace('//', '//www.'), beside('pay')])
    for (const path of [...paths, ...more.filter((one) => !one.includes('\t'))]) {
      const { status, headers } = await send(origin, path);
      assert.ok(status < 500, `${origin}${path} answers ${status}`);
      if (!headers.location) continue;
      const target = new URL(headers.location, origin);
      assert.ok(target.host.endsWith(new URL(world().hub).host), `${origin}${path} leads to ${target}`);
    }
});

test('whoever finds a flaw reads how to report it, on the hub and on every platform', async () => {
  for (const origin of [world().hub, demo()]) {
    const { text, headers } = await send(origin, '/.well-known/security.txt');
    assert.match(headers['content-type'] ?? '', /^text\/plain; *charset=utf-8$/i);
    const fields = new Map(
      text
        .trim()
        .split('\n')
        .map((line) => {
          const colon = line.indexOf(': ');
          return [line.slice(0, colon), line.slice(colon + 2)];
        }),
    );
    assert.equal(fields.get('Canonical'), `${origin}/.well-known/security.txt`);
    assert.ok(Date.parse(fields.get('Expires') ?? '') > Date.now());
    for (const name of ['Contact', 'Policy']) {
      const address = fields.get(name) ?? '';
      if (address.startsWith('mailto:')) continue;
      const page = await send(world().hub, new URL(address).pathname);
      assert.equal(page.status, 200, address);
    }
  }
});

test('what belongs to one person is kept by no cache, and signing out empties the browser’s', async () => {
  const { context, page } = await visitor(world());
  await journey('walls-sign-out', [context], async () => {
    await signIn(page, demo(), 'apprenant@demo.test', demoPassword);
    for (const path of ['/', '/profile']) {
      const answer = await page.goto(demo() + path);
      assert.match((await answer?.headerValue('cache-control')) ?? '', /no-store/, path);
    }
    const left = await page.evaluate(async () => {
      const answer = await fetch('/auth/sign-out', { method: 'POST', redirect: 'manual' });
      return answer.type;
    });
    assert.equal(left, 'opaqueredirect');
    await page.goto(`${demo()}/profile`);
    assert.match(page.url(), /\/sign-in/);

    await page.goto(`${world().hub}/connexion`);
    await page.locator('input[name="email"]').fill('claire@atelier.test');
    await page.locator('input[name="password"]').fill(demoPassword);
    await page.locator('main form button:not([type="button"])').last().click();
    await page.waitForURL(/\/account/);
    const account = await page.goto(`${world().hub}/account`);
    assert.equal(await account?.headerValue('cache-control'), 'no-store');
  });
  for (const [origin, path] of [
    [world().hub, '/sign-out'],
    [world().hub, '/admin/sign-out'],
    [demo(), '/auth/sign-out'],
  ] as const) {
    const { status, headers } = await send(origin, path, { method: 'POST', headers: { origin } });
    assert.equal(status, 303, path);
    assert.equal(headers['clear-site-data'], '"cache", "storage"', path);
  }
});
