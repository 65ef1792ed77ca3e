/** Files of a course: sent in pieces, handed out, and shown on an origin of their own when they could run. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { strToU8, zipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { enrol, publish, signIn } from './trainer.ts';
import { demoPassword, journey, useWorld, visitor } from './world.ts';

const world = useWorld();
const folder = mkdtempSync(join(tmpdir(), 'preau-files-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const MEBIBYTE = 1024 * 1024;

/** Where Lexical leaves its editor. */
type Lexical = { __lexicalEditor: { update(change: () => void, options?: object): void } };

function onDisk(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** What a hostile page tries, and what came of it, written where the test reads it. */
function hostilePage(site: string, hub: string): string {
  const script = async (site: string, hub: string) => {
    const tried: Record<string, unknown> = {};
    const attempt = async (name: string, work: () => unknown) => {
      try {
        tried[name] = await work();
      } catch {
        tried[name] = 'refused';
      }
    };
    await attempt('origin', () => self.origin);
    await attempt('cookie', () => document.cookie);
    await attempt('storage', () => localStorage.length);
    await attempt('database', () => indexedDB.open('x'));
    await attempt('page', () => parent.document.title);
    await attempt('api', () =>
      fetch(`${site}/api/storage`, { credentials: 'include' }).then((r) => r.status),
    );
    await attempt('blind', () =>
      fetch(`${site}/preferences`, { method: 'POST', mode: 'no-cors', credentials: 'include' }).then(
        () => 'sent',
      ),
    );
    await attempt('hub', () => fetch(hub, { mode: 'no-cors' }).then(() => 'sent'));
    await attempt('socket', () => {
      const socket = new WebSocket(site.replace('http', 'ws'));
      return new Promise((resolve) => {
        socket.onopen = () => resolve('open');
        socket.onerror = () => resolve('refused');
      });
    });
    await attempt('window', () => (open(site) === null ? 'refused' : 'opened'));
    await attempt('worker', () => navigator.serviceWorker.register('sw.js').then(() => 'registered'));
    await attempt('top', () => {
      if (top) top.location.href = hub;
      return 'led away';
    });
    await attempt('own', () => fetch('data.json').then((r) => r.json()));
    document.body.insertAdjacentHTML('beforeend', '<pre id="tried"></pre>');
    const place = document.querySelector('#tried');
    if (place) place.textContent = JSON.stringify(tried);
  };
  return `<!doctype html><title>Visite</title><body><h1>Bienvenue à l’atelier</h1><form action="${site}/sign-in" method="post"></form><script>(${script})(${JSON.stringify(site)}, ${JSON.stringify(hub)})</script>`;
}

/** A course of one activity, whose page is open. @returns the address of the course */
async function addPackage(page: Page, site: string): Promise<string> {
  await page.goto(`${site}/studio`);
  await page.locator('#new-course input[name="title"]').fill('Visites');
  await page.locator('#new-course button[type="submit"]').click();
  await page.waitForURL(/\/studio\/courses\/[0-9a-f-]{36}$/);
  const course = page.url();
  await page.locator('#new-module input[name="title"]').fill('Premier module');
  await page.locator('#new-module button[type="submit"]').click();
  await page.getByRole('button', { name: 'Ajouter un contenu interactif' }).click();
  await page.locator('form[id^="package-"] input[name="title"]').fill('L’atelier');
  await page.locator('form[id^="package-"] button[type="submit"]').click();
  await page.waitForURL(/\/studio\/activities\//);
  return course;
}

test('web pages are sent in pieces, go on after a reload, and run apart from the platform', async () => {
  const site = world().site('demo');
  const trainer = await visitor(world());
  const learner = await visitor(world(), { hostile: true });
  await journey('files', [trainer.context, learner.context], async () => {
    const { page } = trainer;
    await signIn(page, site, 'formateur@demo.test', demoPassword);
    const course = await addPackage(page, site);

    // One piece arrives; the next hangs on the way until the page is reloaded.
    const archive = onDisk(
      'visite.zip',
      zipSync(
        {
          'atelier/index.html': strToU8(hostilePage(site, world().hub)),
          'atelier/data.json': strToU8('"de la visite"'),
          'atelier/film.bin': randomBytes(18 * MEBIBYTE),
        },
        { level: 0 },
      ),
    );
    const stuck = Promise.withResolvers<void>();
    const offsets: number[] = [];
    await page.route('**/api/uploads/*', async (route) => {
      const { method, headers } = { method: route.request().method(), headers: route.request().headers() };
      if (method !== 'PATCH') return route.continue();
      offsets.push(Number(headers['upload-offset']));
      if (offsets.length === 2) stuck.resolve();
      else await route.continue();
    });
    const field = page.locator('main input[type="file"]');
    await field.setInputFiles(archive);
    await stuck.promise;
    await page.getByText(/^44\u00a0% \(8\u00a0Mo sur 18\u00a0Mo\)$/).waitFor();
    await page.getByRole('button', { name: 'Mettre en pause l’envoi de « visite.zip »' }).click();
    await page.getByText('En pause à 44').waitFor();
    await page.reload();
    await page.getByText('Envoi interrompu : 8 Mo sur 18 Mo').waitFor();
    await field.setInputFiles(archive);
    await page.getByText('« visite.zip » est en place').waitFor({ timeout: 60_000 });
    assert.deepEqual(offsets, [0, 8 * MEBIBYTE, 8 * MEBIBYTE, 16 * MEBIBYTE]);
    await page.getByText(/^3 fichiers, 18\u00a0Mo$/).waitFor();
    await page.unroute('**/api/uploads/*');

    // A reason for every refusal; what was there before stays.
    await field.setInputFiles(onDisk('vide.zip', zipSync({ 'lisez-moi.txt': strToU8('x') })));
    await page.getByRole('alert').filter({ hasText: 'index.html' }).waitFor();
    await page.getByRole('button', { name: 'Fermer' }).click();

    await publish(page, course);
    await enrol(page, site, course.split('/').at(-1) ?? '', 'apprenant@demo.test');

    const { page: studying } = learner;
    const cookies: string[] = [];
    const content = site.replace('http://', 'http://content--');
    learner.context.on('request', (request) => {
      if (request.url().startsWith(content))
        void request.allHeaders().then((headers) => cookies.push(headers.cookie ?? ''));
    });
    await signIn(studying, site, 'apprenant@demo.test', demoPassword);
    const link = await page.getByRole('link', { name: 'Voir la page' }).first().getAttribute('href');
    await studying.goto(`${site}${link}`);
    await studying.getByRole('link', { name: 'L’atelier' }).first().click();
    const frame = studying.frameLocator('#package iframe');
    await frame.getByRole('heading', { name: 'Bienvenue à l’atelier' }).waitFor();
    const tried = JSON.parse((await frame.locator('#tried').textContent()) ?? '{}');
    assert.deepEqual(tried, {
      origin: 'null',
      cookie: 'refused',
      storage: 'refused',
      database: 'refused',
      page: 'refused',
      api: 'refused',
      blind: 'refused',
      hub: 'refused',
      socket: 'refused',
      window: 'refused',
      worker: 'refused',
      top: 'refused',
      own: 'de la visite',
    });
    assert.ok(cookies.length >= 2, 'the page and its data were asked for');
    assert.deepEqual(new Set(cookies), new Set(['']), 'no cookie goes to the origin of content');
    assert.ok(studying.url().startsWith(`${site}/activities/`), 'nobody was led away');

    // An address that is no longer good says so around the frame, and a new one is a click away.
    await studying.locator('#package iframe').evaluate((element: HTMLIFrameElement) => {
      element.src = element.src.replace(
        /(\/p\/[\w-]+\.)([\w-])/,
        (_, before, letter) => before + (letter === 'A' ? 'B' : 'A'),
      );
    });
    await studying.getByRole('alert').filter({ hasText: 'Le contenu ne s’est pas chargé' }).waitFor();
    await studying.getByRole('button', { name: 'Recharger' }).click();
    await frame.getByRole('heading', { name: 'Bienvenue à l’atelier' }).waitFor();
    await studying.locator('#next').click();
    await studying.waitForURL((url) => !url.pathname.startsWith('/activities/'));
  });
});

test('a lesson shows pictures and hands out files that were sent into it', async () => {
  const site = world().site('demo');
  const trainer = await visitor(world());
  await journey('lesson-files', [trainer.context], async () => {
    const { page } = trainer;
    await signIn(page, site, 'formateur@demo.test', demoPassword);
    await page.goto(`${site}/studio`);
    await page.locator('main li a[href^="/studio/courses/"]').first().click();
    await page.locator('#new-module input[name="title"]').fill('Fichiers');
    await page.locator('#new-module button[type="submit"]').click();
    await page.getByRole('heading', { name: 'Fichiers' }).last().waitFor();
    await page.getByRole('button', { name: 'Ajouter une leçon' }).last().click();
    await page.locator('form[id^="lesson-"] input[name="title"]').fill('Une leçon avec des fichiers');
    await page.locator('form[id^="lesson-"] button[type="submit"]').click();
    await page.waitForURL(/\/studio\/activities\//);
    const [image, file] = [
      page.locator('input[type="file"]').first(),
      page.locator('input[type="file"]').last(),
    ];
    await image.setInputFiles(join(import.meta.dirname, '../apps/hub/static/product/lesson-fr-light.webp'));
    const question = page.getByRole('dialog');
    await question.getByLabel('Description').fill('La cour');
    await question.getByRole('button', { name: 'Insérer' }).click();
    await page.locator('[contenteditable] img[alt="La cour"]').waitFor();
    // What the editor refuses at the cursor comes at the end, and stays said when the lesson is saved.
    await page.locator('[contenteditable="true"]').evaluate((root: HTMLElement & Partial<Lexical>) => {
      const editor = root.__lexicalEditor;
      if (!editor) throw new Error('there is no editor');
      const update = editor.update;
      editor.update = (change, options) => {
        editor.update = update;
        const refused = () => {
          change();
          throw new Error('on purpose');
        };
        update.call(editor, refused, options);
      };
    });
    await file.setInputFiles(onDisk('Guide d’accueil.txt', 'Bienvenue. '.repeat(400)));
    await page.locator('[contenteditable] a', { hasText: 'Guide d’accueil.txt (4 Ko)' }).waitFor();
    const said = page.getByRole('alert').filter({ hasText: 'est à la fin de la leçon' });
    await page
      .getByRole('status')
      .filter({ hasText: /^Enregistré$/ })
      .waitFor();
    await said.getByRole('button', { name: 'Fermer' }).click();
    await said.waitFor({ state: 'detached' });
    await file.setInputFiles(onDisk('piège.pdf', Buffer.from('MZ\u0090\0\u0003', 'latin1')));
    await page.getByRole('alert').filter({ hasText: 'format' }).waitFor();
    await page.getByRole('button', { name: 'Fermer' }).click();
    await page
      .getByRole('status')
      .filter({ hasText: /^Enregistré$/ })
      .waitFor();
    await page.getByRole('link', { name: 'Aperçu' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Guide d’accueil.txt' }).click(),
    ]);
    assert.equal(download.suggestedFilename(), 'Guide d’accueil.txt');
  });
});
