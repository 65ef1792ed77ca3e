import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { ApiProblem } from '@preau/contract';
import { strToU8, type Zippable, zipSync } from 'fflate';
import { type TestBackend, type TestInstance, testBackend } from '../testing/backend.ts';
import { tusClient } from '../testing/upload.ts';
import { loggedPath, readPath, signPath } from './address.ts';
import { entryOf } from './create.ts';
import { typeOf } from './type.ts';

const PAGE = '<!doctype html><title>Visite</title><script src="js/visit.js"></script><img src="plan.svg">';
const SITE: Zippable = {
  'visite/index.html': strToU8(PAGE),
  'visite/js/visit.js': strToU8('document.title = "En route"'),
  'visite/plan.svg': strToU8('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
  'visite/annexe/index.html': strToU8('<p>Annexe</p>'),
  'visite/faux.png': strToU8('<script>alert(1)</script>'),
  '__MACOSX/visite/._index.html': strToU8('noise'),
};

const refused =
  (name: string, words = /./) =>
  (error: unknown) =>
    error instanceof ApiProblem && error.problem.name === name && words.test(error.problem.detail);

interface Served {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  body: string;
}

describe('packages on the content origin', () => {
  let backend: TestBackend;
  let here: TestInstance;
  let there: TestInstance;
  let trainer: { id: string; session: string };
  before(async () => {
    backend = await testBackend({ RATE_LIMIT_FACTOR: '100' });
    here = await backend.instance('atelier');
    there = await backend.instance('voisin');
    trainer = await here.signedIn('administrator');
  });
  after(() => backend.close());

  /** As the gateway asks the backend for a host of content. */
  function ask(url: string | URL, headers: Record<string, string> = {}, host?: string): Promise<Served> {
    const { host: named, pathname } = new URL(url);
    return new Promise((resolve, reject) => {
      request(
        backend.url + pathname,
        { headers: { host: host ?? named, ...headers }, agent: false },
        (answer) => {
          let body = '';
          answer.setEncoding('utf8');
          answer.on('data', (text) => {
            body += text;
          });
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
        },
      )
        .on('error', reject)
        .end();
    });
  }
  async function activityIn(platform: TestInstance, session: string): Promise<string> {
    const course = await platform.client.createCourse({ session, body: { title: 'Visites' } });
    const { modules } = await platform.client.createModule({
      session,
      params: { courseId: course.id },
      body: { title: 'Un' },
    });
    const { activityId } = await platform.client.createActivity({
      session,
      params: { moduleId: modules[0]?.id ?? '' },
      body: { type: 'package', title: 'Visite' },
    });
    return activityId;
  }
  async function show(
    body: Uint8Array,
    filename: string,
    platform = here,
    { session } = trainer,
    activityId?: string,
  ) {
    const shownIn = activityId ?? (await activityIn(platform, session));
    const uploadId = await tusClient(backend, platform, session).send(body, { filename, purpose: 'package' });
    const made = await platform.client.finishPackage({
      session,
      params: { uploadId },
      body: { activityId: shownIn },
    });
    const page = await platform.client.getActivity({ session, params: { activityId: shownIn } });
    return { activityId: shownIn, made, url: page.frame?.url ?? '' };
  }

  test('a zip of web pages runs on an origin of its own, sandboxed, its files found beside its first page', async () => {
    const { url, made } = await show(zipSync(SITE), 'visite.zip');
    assert.deepEqual([made.name, made.files], ['visite.zip', 5]);
    assert.match(
      url,
      /^http:\/\/content--atelier\.localhost:8080\/p\/[\w-]+\.[\w-]{43}\/visite\/index\.html$/,
    );
    const page = await ask(url);
    assert.deepEqual([page.status, page.body], [200, PAGE]);
    const policy = String(page.headers['content-security-policy']);
    assert.match(policy, /^sandbox allow-scripts allow-forms; default-src 'none'; /);
    assert.doesNotMatch(policy, /allow-same-origin|allow-popups|allow-top-navigation/);
    assert.match(policy, /frame-ancestors http:\/\/atelier\.localhost:8080$/);
    assert.equal(page.headers['x-content-type-options'], 'nosniff');
    assert.equal(page.headers['referrer-policy'], 'no-referrer');
    assert.equal(page.headers['set-cookie'], undefined);
    const script = await ask(new URL('js/visit.js', url));
    assert.equal(script.headers['content-type'], 'text/javascript; charset=utf-8');
    assert.equal((await ask(new URL('annexe/', url))).body, '<p>Annexe</p>');
    assert.equal((await ask(url, { 'if-none-match': String(page.headers.etag) })).status, 304);
  });

  test('a drawing is shown and its script is inert; a page or a drawing may stand alone', async () => {
    const { url } = await show(zipSync(SITE), 'visite.zip');
    const drawing = await ask(new URL('plan.svg', url));
    assert.equal(drawing.headers['content-type'], 'image/svg+xml');
    assert.match(String(drawing.headers['content-security-policy']), /^sandbox; default-src 'none';/);
    const fake = await ask(new URL('faux.png', url));
    assert.deepEqual(
      [fake.headers['content-type'], fake.headers['x-content-type-options']],
      ['image/png', 'nosniff'],
    );
    const alone = await show(strToU8('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'plan.svg');
    assert.match(alone.url, /\/plan\.svg$/);
    assert.equal((await ask(alone.url)).status, 200);
    const page = await show(strToU8('<h1>Seule</h1>'), 'Page « seule ».html');
    assert.equal((await ask(page.url)).body, '<h1>Seule</h1>');
  });

  test('foreign, expired, forged and changed addresses lead to the same nothing', async () => {
    const { url } = await show(zipSync(SITE), 'visite.zip');
    const neighbour = await there.signedIn('administrator');
    const foreign = await show(zipSync({ 'index.html': strToU8('voisin') }), 'v.zip', there, neighbour);
    assert.equal((await ask(foreign.url)).body, 'voisin');
    const { pathname } = new URL(url);
    const secret = backend.app.settings.PAYLOAD_SECRET;
    const { t, a, p, u, s } = readPath(secret, pathname) ?? assert.fail();
    const [, token = ''] = /^\/p\/([^/]+)/.exec(pathname) ?? [];
    const host = new URL(url).origin;
    const claims = (changed: object) => {
      const text = Buffer.from(JSON.stringify({ t, a, p, u, s, e: 9e9, ...changed })).toString('base64url');
      return `${host}/p/${text}.${token.split('.')[1]}/visite/index.html`;
    };
    const theirs = readPath(secret, new URL(foreign.url).pathname) ?? assert.fail();
    const signed = (who: object) => host + signPath(secret, { t, a, p, u, s, ...who }, 'visite/index.html');
    const addresses: Record<string, [string, string?]> = {
      'on the origin of another platform': [url, 'content--voisin.localhost:8080'],
      'of another platform, here': [foreign.url, 'content--atelier.localhost:8080'],
      'on an origin that is nobody’s': [url, 'content--nobody.localhost:8080'],
      expired: [host + signPath(secret, { t, a, p, u, s }, 'visite/index.html', Date.now() - 13 * 3_600_000)],
      forged: [claims({})],
      'with another package': [signed({ p: theirs.p })],
      'with another activity': [signed({ a: theirs.a })],
      'of somebody else’s session': [signed({ u: theirs.u, s: theirs.s })],
      'signed with another secret': [host + signPath(`${secret}!`, { t, a, p, u, s }, 'visite/index.html')],
      'a letter changed': [
        url.replace(
          token,
          token.replace(/.$/, (c) => (c === 'A' ? 'Q' : 'A')),
        ),
      ],
      'without a signature': [`${host}/p/${token.split('.')[0]}/visite/index.html`],
      'a file that is not there': [new URL('nothing.html', url).href],
      'a name of every object': [new URL('__proto__', url).href],
      'out of the package': [`${host}/p/${token}/..%2f..%2findex.html`],
      'the root': [`${host}/`],
      'the API': [`${host}/v1/courses`],
    };
    const bodies = new Set<string>();
    for (const [what, [address, as]] of Object.entries(addresses)) {
      const { status, body, headers } = await ask(address, {}, as);
      assert.equal(status, 404, what);
      assert.equal(headers['content-type'], 'application/problem+json; charset=utf-8', what);
      bodies.add(body.replaceAll(/[0-9a-f-]{36}/g, '…'));
    }
    assert.equal(bodies.size, 1);
    // In a frame it is a page, which tells the one around it.
    const framed = await ask(claims({}), { 'sec-fetch-dest': 'iframe', 'accept-language': 'fr' });
    assert.equal(framed.status, 404);
    assert.match(framed.body, /n’est plus disponible/);

    // Who may no longer study sees nothing either, as soon as what was believed is over.
    await here.db.query('DELETE FROM user_sessions WHERE id = $1', [s]);
    const fresh = signed({});
    const until = Date.now() + 30_000;
    while ((await ask(fresh)).status !== 404) {
      assert.ok(Date.now() < until, 'a session that ended still opens packages');
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    trainer = await here.signedIn('administrator');
  });

  test('an archive that leads out of itself, unfolds without end or holds programs is refused with the reason', async () => {
    const activityId = await activityIn(here, trainer.session);
    const put = (files: Zippable) => show(zipSync(files), 'a.zip', here, trainer, activityId);
    await assert.rejects(
      put({ '../../index.html': strToU8('x') }),
      refused('import-refused', /chemin de fichier/),
    );
    await assert.rejects(
      put({ 'index.html': [new Uint8Array(3 * 1024 * 1024), { level: 9 }] }),
      refused('import-refused', /anormalement compressé/),
    );
    await assert.rejects(
      put({ 'index.html': strToU8('x'), 'setup.exe': Buffer.from('MZ\u0090\0\u0003\0\0\0\u0004', 'latin1') }),
      refused('import-refused', /programme/),
    );
    await assert.rejects(put({ 'readme.md': strToU8('x') }), refused('import-refused', /index\.html/));
    await assert.rejects(
      show(strToU8('no zip'), 'a.zip', here, trainer, activityId),
      refused('import-refused', /pas une archive/),
    );
    const many = Object.fromEntries(Array.from({ length: 5_001 }, (_, i) => [`${i}.txt`, new Uint8Array()]));
    await assert.rejects(put({ 'index.html': strToU8('x'), ...many }), refused('import-refused', /5\D000/));
    await backend.platform.query(
      `UPDATE tenants SET entitlements = entitlements || '{"storageMegabytes": 1}' WHERE id = $1`,
      [here.tenantId],
    );
    // Packed it would fit; unpacked it does not.
    const text = strToU8('ligne '.repeat(150_000));
    await assert.rejects(
      put({ 'index.html': strToU8('x'), 'a.txt': text, 'b.txt': text }),
      refused('storage-full'),
    );
    const page = await here.client.getActivity({ session: trainer.session, params: { activityId } });
    assert.equal(page.frame, null);
  });
});

test('the first page is the one at the top, then the one in a folder there', () => {
  assert.equal(entryOf(['a/b/index.html', 'a/index.html', 'index.htm']), 'index.htm');
  assert.equal(entryOf(['a/b/index.html', 'b/index.html']), 'b/index.html');
  assert.equal(entryOf(['a/b/index.html', 'a/b/plan.svg']), null);
  assert.equal(entryOf(['plan.svg']), 'plan.svg');
});

test('a file is served as what its name says where its bytes agree', async () => {
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  assert.equal(await typeOf('a.png', png), 'image/png');
  assert.equal(await typeOf('a.webp', png), 'image/webp');
  assert.equal(await typeOf('a.html', png), 'application/octet-stream');
  assert.equal(await typeOf('a.mp4', png), 'application/octet-stream');
  assert.equal(await typeOf('a.unknown', strToU8('x')), 'application/octet-stream');
  assert.equal(await typeOf('a.html', Buffer.from('Déjà vu', 'latin1')), 'text/html; charset=utf-8');
  assert.equal(await typeOf('a.css', Buffer.from('\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0', 'latin1')), null);
});

test('what opens a package is not logged', () => {
  assert.equal(loggedPath('/p/abc.def/visite/index.html?x=1'), '/p/…/visite/index.html');
  assert.equal(loggedPath('/v1/courses?search=x'), '/v1/courses');
});
