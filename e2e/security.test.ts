/** Passkeys, codes and sessions on the hub, with Chromium's own virtual authenticator (CDP, domain WebAuthn). */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { Secret, TOTP } from 'otpauth';
import pg from 'pg';
import type { BrowserContext, Page } from 'playwright-core';
import { mailedLink, signUp } from './customer.ts';
import { shareSession, staffVisitor } from './staff.ts';
import { signIn } from './trainer.ts';
import { customerPassword, demoPassword, journey, learnerPassword, useWorld, visitor } from './world.ts';

const world = useWorld();
/** The promise is five seconds; the rest is the page's. */
const BELIEVED_MS = 8_000;
const run = Date.now().toString(36);
const person = (name: string) => ({
  name,
  email: `${name.toLowerCase()}-${run}@entreprise.test`,
  organisation: name,
  slug: `${name.toLowerCase()}-${run}`,
  colour: '#7a2e8e',
});

/** A passkey provider in the browser, which says yes at once and verifies its person. */
async function withAuthenticator(context: BrowserContext, page: Page) {
  const session = await context.newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    credentials: async () =>
      (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length,
    verified: (isUserVerified: boolean) =>
      session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
    present: (enabled: boolean) =>
      session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled }),
  };
}

const codeOf = (secret: string, steps = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 });

async function givePassword(page: Page, email: string): Promise<void> {
  await page.goto(`${world().hub}/connexion`);
  await page.locator('input[name="email"]').fill(email);
  await page.locator('input[name="password"]').fill(customerPassword);
  await page.getByRole('button', { name: 'Se connecter', exact: true }).click();
}

const signedIn = (page: Page) => page.waitForURL((url) => /^\/(account|start)/.test(url.pathname));
const signOut = async (page: Page) => {
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await page.waitForURL(/signed-out/);
};

/** By the button, unless the browser's own offer beside the address field was taken while it was looked for. */
const enterByPasskey = (page: Page) =>
  page
    .getByRole('button', { name: 'Se connecter avec une clé d’accès' })
    .click({ timeout: 5_000 })
    .catch(() => undefined);

/** As if this person had proved who they are eleven minutes ago. */
async function ageConfirmation(email: string, realm: 'account' | 'staff' = 'account'): Promise<void> {
  const client = new pg.Client(world().platform.databaseUrl);
  await client.connect();
  try {
    const { rowCount } = await client.query(
      realm === 'account'
        ? `UPDATE account_sessions s SET confirmed_at = now() - interval '11 minutes' FROM accounts a
           WHERE a.id = s.account_id AND a.email = $1`
        : `UPDATE staff_sessions s SET confirmed_at = now() - interval '11 minutes' FROM staff a
           WHERE a.id = s.staff_member_id AND a.email = $1`,
      [email],
    );
    assert.ok(rowCount);
  } finally {
    await client.end();
  }
}

describe('security on the hub', () => {
  test('a passkey: added, kept with recovery codes, signs in alone and after the password', async () => {
    const { context, page } = await visitor(world());
    const customer = person('Passerelle');
    await journey('security-passkey', [context], async () => {
      const authenticator = await withAuthenticator(context, page);
      await signUp(page, world(), customer);
      await page.goto(`${world().hub}/account/security`);
      await page.getByText('Inactif').waitFor();
      await page.getByLabel('Nom de la clé').fill('Portable du bureau');
      await page.getByRole('button', { name: 'Ajouter une clé d’accès' }).click();
      await page.getByText('La clé d’accès « Portable du bureau » est ajoutée.').waitFor();
      assert.equal(await authenticator.credentials(), 1);
      const codes = await page.locator('[data-codes] li').allInnerTexts();
      assert.equal(codes.length, 10);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Télécharger' }).click(),
      ]);
      assert.ok((await readFile(await download.path(), 'utf8')).includes(codes[9] ?? ''));
      await page.reload();
      assert.equal(await page.locator('[data-codes]').count(), 0, 'shown once');
      await page.getByText('Actif', { exact: true }).waitFor();

      await page.getByRole('button', { name: 'Renommer Portable du bureau' }).click();
      await page.getByRole('dialog').getByLabel('Nom de la clé').fill('Portable');
      await page.getByRole('dialog').getByRole('button', { name: 'Enregistrer' }).click();
      await page.getByRole('button', { name: 'Renommer Portable', exact: true }).waitFor();

      await signOut(page);
      // Nobody touches the authenticator until the button is pressed.
      await authenticator.present(false);
      await page.goto(`${world().hub}/connexion`);
      await authenticator.present(true);
      await enterByPasskey(page);
      await signedIn(page);
      await signOut(page);

      await authenticator.present(false);
      await givePassword(page, customer.email);
      await page.getByRole('heading', { name: 'Confirmez que c’est vous' }).waitFor();
      await page.getByLabel('Code de secours').fill(codes[0] ?? '');
      await page.getByRole('button', { name: 'Continuer' }).click();
      await signedIn(page);
      await page.goto(`${world().hub}/account/security`);
      await page.getByText('9 codes sur 10').waitFor();
      await signOut(page);

      await givePassword(page, customer.email);
      await authenticator.present(true);
      await page.getByRole('button', { name: 'Utiliser ma clé d’accès' }).click();
      await signedIn(page);

      await page.goto(`${world().hub}/account/security`);
      await page.getByRole('button', { name: 'Retirer Portable' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Retirer' }).click();
      await page.getByText('La clé d’accès est retirée.').waitFor();
      await page.getByText('Inactif').waitFor();
    });
  });

  test('the browser offers the passkey beside the address field', async (t) => {
    const { context, page } = await visitor(world());
    const customer = person('Proposition');
    await journey('security-autofill', [context], async () => {
      await withAuthenticator(context, page);
      await signUp(page, world(), customer);
      await page.goto(`${world().hub}/account/security`);
      await page.getByRole('button', { name: 'Ajouter une clé d’accès' }).click();
      await page.locator('[data-codes]').waitFor();
      await signOut(page);
      const able = await page.evaluate(() => PublicKeyCredential.isConditionalMediationAvailable());
      if (!able) {
        t.skip('this Chromium has no conditional mediation');
        return;
      }
      // The virtual authenticator takes the offer as a person would from the list.
      await page.goto(`${world().hub}/connexion`);
      await signedIn(page);
    });
  });

  test('a passkey whose person is not verified does not sign in alone', async () => {
    const { context, page } = await visitor(world());
    const customer = person('Verification');
    await journey('security-unverified', [context], async () => {
      const authenticator = await withAuthenticator(context, page);
      await signUp(page, world(), customer);
      await page.goto(`${world().hub}/account/security`);
      await page.getByRole('button', { name: 'Ajouter une clé d’accès' }).click();
      await page.locator('[data-codes]').waitFor();
      await signOut(page);
      await authenticator.verified(false);
      await page.goto(`${world().hub}/connexion`);
      await page.getByRole('button', { name: 'Se connecter avec une clé d’accès' }).click();
      await page
        .getByRole('status')
        .filter({ hasText: /clé d’accès|demande/ })
        .waitFor();
      assert.match(new URL(page.url()).pathname, /connexion/);
    });
  });

  test('an app: set up, asked for, and a stolen session that ends elsewhere within five seconds', async () => {
    const here = await visitor(world());
    const there = await visitor(world());
    const customer = person('Double');
    await journey('security-app', [here.context, there.context], async () => {
      const { page } = here;
      await signUp(page, world(), customer);
      await page.goto(`${world().hub}/account/security`);
      await page.getByRole('button', { name: 'Associer une application' }).click();
      const secret = (await page.locator('code').innerText()).replace(/\s/g, '');
      await page.getByLabel('Code à six chiffres').fill('000000');
      await page.getByRole('button', { name: 'Activer' }).click();
      await page.getByText(/Ce code n’est pas valable/).waitFor();
      assert.equal((await page.locator('code').innerText()).replace(/\s/g, ''), secret, 'the same secret');
      await page.getByLabel('Code à six chiffres').fill(codeOf(secret, -1));
      await page.getByRole('button', { name: 'Activer' }).click();
      await page.getByText('L’application d’authentification est active.').waitFor();

      await givePassword(there.page, customer.email);
      await there.page.getByLabel('Code de l’application').fill('123');
      await there.page.getByRole('button', { name: 'Continuer' }).click();
      await there.page.getByText('Saisissez les six chiffres').waitFor();
      await there.page.getByLabel('Code de l’application').fill(codeOf(secret));
      await there.page.getByRole('button', { name: 'Continuer' }).click();
      await signedIn(there.page);

      await page.reload();
      await page.getByText('Cet appareil').waitFor();
      await page.getByRole('button', { name: /^Déconnecter Chrom/ }).click();
      await page.getByText('L’appareil est déconnecté.').waitFor();
      await there.page.waitForTimeout(5_100);
      await there.page.goto(`${world().hub}/account/security`);
      await there.page.waitForURL(/connexion/);
    });
  });

  test('what is sensitive asks again who it is; an owner asks the team for a second factor', async () => {
    const { context, page } = await visitor(world());
    const customer = person('Exigence');
    await journey('security-team', [context], async () => {
      await withAuthenticator(context, page);
      const { hub } = world();
      await signUp(page, world(), customer);
      await page.goto(`${hub}/start/organisation`);
      await page.locator('input[name="name"]').fill(customer.organisation);
      await page.locator('main form button:not([type="button"])').last().click();
      await page.waitForURL(/\/start\/subdomain/);
      await page.goto(`${hub}/account/team`);
      await page.getByRole('button', { name: 'L’exiger de l’équipe' }).click();
      await page.getByText(/Ajoutez d’abord un second facteur à votre propre compte/).waitFor();

      await page.goto(`${hub}/account/security`);
      await ageConfirmation(customer.email);
      await page.getByLabel('Nom de la clé').fill('Portable');
      await page.getByRole('button', { name: 'Ajouter une clé d’accès' }).click();
      await page.waitForURL(/\/account\/confirm/);
      await page.getByLabel('Mot de passe actuel').fill('ce n’est pas lui');
      await page.getByRole('button', { name: 'Confirmer' }).click();
      await page.locator('[aria-invalid="true"]').waitFor();
      await page.getByLabel('Mot de passe actuel').fill(customerPassword);
      await page.getByRole('button', { name: 'Confirmer' }).click();
      await page.waitForURL(/\/account\/security\?confirmed/);
      await page.getByText('C’est confirmé. Vous pouvez continuer.').waitFor();
      await page.getByLabel('Nom de la clé').fill('Portable');
      await page.getByRole('button', { name: 'Ajouter une clé d’accès' }).click();
      await page.locator('[data-codes]').waitFor();

      await page.goto(`${hub}/account/team`);
      await ageConfirmation(customer.email);
      await page.getByRole('button', { name: 'L’exiger de l’équipe' }).click();
      await page.getByRole('button', { name: 'Utiliser ma clé d’accès' }).click();
      await page.waitForURL(/\/account\/team\?confirmed/);
      await page.getByRole('button', { name: 'L’exiger de l’équipe' }).click();
      await page.getByText('Un second facteur est désormais exigé de l’équipe.').waitFor();

      await page.goto(`${hub}/account/security`);
      await page.getByRole('button', { name: 'Retirer Portable' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Retirer' }).click();
      await page.getByText(/C’est votre dernier second facteur/).waitFor();

      const address = `nouvelle-${run}@entreprise.test`;
      await page.goto(`${hub}/account/profile`);
      await page.getByLabel('Nouvelle adresse').fill(address);
      await ageConfirmation(customer.email);
      await page.getByRole('button', { name: 'Recevoir le lien' }).click();
      await page.getByRole('button', { name: 'Utiliser ma clé d’accès' }).click();
      await page.waitForURL(/\/account\/profile\?confirmed/);
      assert.equal(
        await page.getByLabel('Nouvelle adresse').inputValue(),
        address,
        'what was typed is there',
      );
      await page.getByRole('button', { name: 'Recevoir le lien' }).click();
      await page.getByText(`Un lien est parti à ${address}.`).waitFor();
      await page.goto(await mailedLink(page, world(), address, /\/account\/email/));
      await page.getByRole('button', { name: 'Changer mon adresse' }).click();
      await page.getByText('Votre adresse est changée.').waitFor();
      await page.getByText(address).waitFor();
    });
  });

  test('staff add a passkey and come in by it alone', async () => {
    const { context, page } = await staffVisitor(world());
    await journey('security-staff', [context], async () => {
      const authenticator = await withAuthenticator(context, page);
      const { hub } = world();
      await page.goto(`${hub}/admin/security`);
      await page.getByLabel('Nom de la clé').fill('Clé de Sacha');
      await page.getByRole('button', { name: 'Ajouter une clé d’accès' }).click();
      await page.getByText('La clé d’accès « Clé de Sacha » est ajoutée.').waitFor();
      await authenticator.present(false);
      await signOut(page);
      await authenticator.present(true);
      await enterByPasskey(page);
      await page.waitForURL(`${hub}/admin`);

      // Of two forms of one kind, the one that had to wait has its reason again, and is unfolded.
      await page.goto(`${hub}/admin/people`);
      const last = page.locator('details', { has: page.locator('form[action^="?/signOut"]') }).last();
      const reason = last.getByRole('textbox');
      await last.locator('summary').click();
      await reason.fill('Ordinateur perdu');
      await ageConfirmation('staff@preau.test', 'staff');
      await last.getByRole('button').click();
      await page.getByRole('button', { name: 'Utiliser ma clé d’accès' }).click();
      await page.waitForURL(/\/admin\/people\?.*confirmed/);
      await last.locator('button:focus').waitFor();
      assert.equal(await reason.inputValue(), 'Ordinateur perdu');
      assert.ok(await reason.isVisible());

      await page.goto(`${hub}/admin/security`);
      await page.getByRole('button', { name: 'Retirer Clé de Sacha' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Retirer' }).click();
      await page.getByText('La clé d’accès est retirée.').waitFor();
      await page.getByRole('button', { name: 'Retirer Application d’authentification' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Retirer' }).click();
      await page.getByText(/C’est votre dernier second facteur/).waitFor();
      await shareSession(context);
    });
  });
});

describe('security on a platform', () => {
  const site = () => world().site('demo');
  const somebody = { name: `Solène ${run}`, email: `solene-${run}@exemple.test` };
  const leave = async (page: Page) => {
    await page.goto(`${site()}/catalogue`);
    await page.locator('button.account').click();
    await page.getByRole('button', { name: 'Se déconnecter' }).click();
    await page.getByRole('link', { name: 'Se connecter' }).first().waitFor();
  };
  const sendPassword = async (page: Page) => {
    await page.goto(`${site()}/sign-in`);
    await page.locator('#sign-in input[name="email"]').fill(somebody.email);
    await page.locator('#sign-in input[name="password"]').fill(learnerPassword);
    await page.locator('#sign-in button[type="submit"]').click();
  };
  const inside = (page: Page) => page.locator('button.account').waitFor();
  /** An ended session is believed for some seconds by whoever has just looked at it. */
  const untilSignedOut = async (page: Page) => {
    const deadline = Date.now() + BELIEVED_MS;
    for (;;) {
      await page.goto(`${site()}/sign-in`);
      if ((await page.locator('#sign-in').count()) > 0) return;
      assert.ok(Date.now() < deadline, 'the session goes on after the reset');
      await page.waitForTimeout(250);
    }
  };

  test('a passkey and an app on an instance; an administrator takes lost factors away', async () => {
    const learner = await visitor(world());
    const boss = await visitor(world());
    await journey('security-instance', [learner.context, boss.context], async () => {
      const { context, page } = learner;
      const authenticator = await withAuthenticator(context, page);
      await page.goto(`${site()}/register`);
      await page.locator('#register input[name="name"]').fill(somebody.name);
      await page.locator('#register input[name="email"]').fill(somebody.email);
      await page.locator('#register input[name="password"]').fill(learnerPassword);
      await page.locator('#register button[type="submit"]').click();
      await page.goto(await mailedLink(page, world(), somebody.email, /\/sign-in\/link/));
      await page.getByRole('button', { name: 'Me connecter' }).click();
      await inside(page);

      await page.goto(`${site()}/profile/security`);
      await page.getByLabel('Nom de la clé').fill('Téléphone');
      await page.getByRole('button', { name: 'Ajouter une clé d’accès' }).click();
      await page.getByText('La clé d’accès « Téléphone » est ajoutée.').waitFor();
      assert.equal(await page.locator('[data-codes] li').count(), 10);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Télécharger' }).click(),
      ]);
      assert.match(await readFile(await download.path(), 'utf8'), /[\w]{4}-[\w]{4}-[\w]{4}/);
      await page.getByText('Renommer Téléphone').click();
      await page.locator('form[id^="rename-"] input[name="name"]').fill('Mobile');
      await page.locator('form[id^="rename-"] button[type="submit"]').click();
      await page.getByRole('button', { name: 'Retirer Mobile' }).waitFor();
      await page.getByRole('button', { name: 'Associer une application' }).click();
      const secret = await page.locator('main code').innerText();
      await page.getByLabel('Code à six chiffres').fill(codeOf(secret, -1));
      await page.getByRole('button', { name: 'Activer' }).click();
      await page.getByText('L’application d’authentification est active.').waitFor();

      // The browser's own offer beside the field, or the button: whichever is first.
      await leave(page);
      await page.goto(`${site()}/sign-in`);
      await enterByPasskey(page);
      await inside(page);
      await leave(page);
      await authenticator.present(false);
      await sendPassword(page);
      await page.waitForURL(/\/sign-in\/confirm/);
      await page.getByLabel('Code', { exact: true }).fill(codeOf(secret));
      await page.getByRole('button', { name: 'Continuer' }).click();
      await inside(page);

      await signIn(boss.page, site(), 'admin@demo.test', demoPassword);
      await boss.page.goto(`${site()}/admin/people?search=${somebody.email}`);
      await boss.page.getByRole('button', { name: /^Retirer les seconds facteurs de Solène/ }).click();
      const dialog = boss.page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Annuler' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await boss.page.keyboard.press('Enter');
      await dialog.getByRole('button', { name: 'Retirer les seconds facteurs' }).click();
      await boss.page.getByText(/Les seconds facteurs de Solène .* sont retirés/).waitFor();

      await untilSignedOut(page);
      await sendPassword(page);
      await page.locator('#sign-in [role="alert"]').waitFor();
      await page.goto(`${site()}/password/forgot`);
      await page.locator('main input[name="email"]').fill(somebody.email);
      await page.locator('main button[type="submit"]').click();
      await page.goto(await mailedLink(page, world(), somebody.email, /\/password\/reset/));
      await page.locator('main input[name="password"]').fill(learnerPassword);
      await page.locator('main form button[type="submit"]').click();
      await inside(page);
    });
  });

  test('a role of the platform’s own shows what it permits, and no button that would be refused', async () => {
    const boss = await visitor(world());
    const adviser = await visitor(world());
    await journey('security-role', [boss.context, adviser.context], async () => {
      const name = `Référent pédagogique ${run}`;
      await signIn(boss.page, site(), 'admin@demo.test', demoPassword);
      await boss.page.goto(`${site()}/admin/roles/new`);
      await boss.page.locator('#role input[name="name"]').fill(name);
      for (const permission of ['course.read', 'progress.read'])
        await boss.page.locator(`#role select[name="${permission}"]`).selectOption('all');
      await boss.page.locator('#role > button[type="submit"]').click();
      await boss.page.waitForURL(/\/admin\/roles$/);
      await boss.page.goto(`${site()}/admin/people?search=${somebody.email}`);
      await boss.page.getByLabel(/^Changer le rôle de Solène/).selectOption({ label: name });
      await boss.page.getByRole('button', { name: 'Appliquer' }).click();
      await boss.page.getByText('Le changement est enregistré.').waitFor();

      const { page } = adviser;
      await sendPassword(page);
      await inside(page);
      await page.goto(`${site()}/studio`);
      await page.getByRole('link', { name: 'Accueillir un nouvel apprenant' }).click();
      await page.waitForURL(/\/studio\/courses\/[0-9a-f-]{36}$/);
      const course = page.url();
      const buttons: string[] = [];
      for (const address of [`${site()}/studio`, course, `${course}/learners`, `${course}/versions`]) {
        await page.goto(address);
        await page.locator('h1').waitFor();
        buttons.push(...(await page.locator('main form[id] button, main a[download]').allInnerTexts()));
      }
      assert.deepEqual(buttons, [], 'whatever they would send is refused');
      assert.equal(await page.getByRole('link', { name: 'Réglages' }).count(), 0);
      await page.goto(`${course}/learners`);
      await page.getByText('lucie.moreau@demo.test').waitFor();
      await page.goto(course);
      await page.locator('main ol a[href^="/activities/"]').first().click();
      await page.locator('#lesson').waitFor();
    });
  });
});
