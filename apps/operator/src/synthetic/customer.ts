import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SYNTHETIC_DOMAIN } from '@preau/contract/platform/synthetic';
import type { Backend } from '../workflows/context.ts';
import { inputs, type Page, Visitor } from './visitor.ts';

const MAIL_MS = 60_000;
const LIVE_MS = 120_000;
const GONE_MS = 120_000;
const LOOK_MS = 250;

/** The stations of a customer's way, in their order. */
export const stations = ['home', 'account', 'order', 'payment', 'live', 'sign-in', 'deletion'] as const;
export type Station = (typeof stations)[number];

/** Where a customer's way ended, and why. */
export class WayBlocked extends Error {
  readonly station: Station;
  constructor(station: Station, cause: unknown) {
    super(`${station}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'WayBlocked';
    this.station = station;
  }
}

/**
 * Goes a customer's whole way through the public door, with the forms that a browser without scripts sends: signs up,
 * opens the mail, orders, pays with the sandbox's card, signs in on the platform, deletes it.
 * @returns the seconds that each station took
 * @throws WayBlocked at the first station that is not as it should be
 */
export async function goTheWay({
  gatewayUrl,
  publicUrl,
  backend,
}: {
  gatewayUrl: string;
  publicUrl: string;
  backend: Pick<Backend, 'readSyntheticMail'>;
}): Promise<Map<Station, number>> {
  const took = new Map<Station, number>();
  const at = async <T>(station: Station, work: () => Promise<T>): Promise<T> => {
    const begun = performance.now();
    try {
      return await work();
    } catch (error) {
      throw new WayBlocked(station, error);
    } finally {
      took.set(station, (performance.now() - begun) / 1_000);
    }
  };

  const visitor = new Visitor(gatewayUrl);
  const hub = (path: string) => new URL(path, publicUrl);
  const name = `visite-${randomBytes(5).toString('hex')}`;
  const email = `${name}@${SYNTHETIC_DOMAIN}`;
  const organisation = 'Visite de contrôle';
  const platform = hub('/');
  platform.hostname = `${name}.${platform.hostname}`;

  const signUp = await at('home', async () => {
    await visitor.open(hub('/'));
    return visitor.open(hub('/inscription'));
  });
  const start = await at('account', async () => {
    const password = randomBytes(18).toString('base64url');
    await visitor.send(signUp, '', { name: organisation, email, password });
    const verify = await visitor.open(await mailedLink(backend, name, publicUrl));
    return visitor.send(verify, '?/confirm', {});
  });
  const checkout = await at('order', async () => {
    expectPath(start, /\/start\/organisation$/);
    const subdomain = await visitor.send(start, '', {
      name: organisation,
      country: 'FR',
      siren: '',
      vatNumber: '',
    });
    expectPath(subdomain, /\/start\/subdomain$/);
    const plan = await visitor.send(subdomain, '', { slug: name });
    expectPath(plan, /\/start\/plan$/);
    const priceId = inputs(plan.html).find((input) => input.name === 'priceId')?.value;
    if (!priceId) throw new Error('Nothing is on sale.');
    const branding = await visitor.send(plan, '', { priceId });
    expectPath(branding, /\/start\/branding$/);
    const summary = await visitor.send(branding, '', { name: organisation, colour: '#0b5cad' });
    expectPath(summary, /\/start\/summary$/);
    return visitor.send(summary, '', { terms: 'on' });
  });
  await at('payment', async () => {
    const paid = await visitor.send(checkout, `${checkout.url.pathname}/pay${checkout.url.search}`, {
      company: organisation,
      country: 'FR',
      siren: '',
      vat: '',
      number: '4242424242424242',
      expiry: '12/34',
      cvc: '123',
    });
    expectPath(paid, /\/orders\/[\da-f-]{36}$/);
  });
  await at('live', () => until(LIVE_MS, () => visitor.open(new URL('/sign-in', platform))));
  const instanceId = await at('sign-in', async () => {
    const account = await visitor.open(hub('/account'));
    const id = /\/account\/platforms\/([\da-f-]{36})/.exec(account.html)?.[1];
    if (!id) throw new Error('The portal does not show the platform.');
    const handOver = await visitor.send(account, `/instances/${id}/open`, {});
    const inside = await visitor.send(handOver, new URL('/auth/handoff', platform).href, {});
    if (inside.url.host !== platform.host) throw new Error(`The hand-over ended at ${inside.url.host}.`);
    return id;
  });
  await at('deletion', async () => {
    const danger = await visitor.open(hub(`/account/platforms/${instanceId}`));
    await visitor.send(danger, '?/delete', { confirmation: name });
    await until(GONE_MS, async () => {
      const { status } = await visitor.look(platform);
      if (status !== 404) throw new Error(`${platform.host} answers ${status} after its deletion.`);
    });
  });
  return took;
}

function expectPath({ url }: Page, path: RegExp): void {
  if (!path.test(url.pathname)) throw new Error(`The form led to ${url.pathname}.`);
}

/** The link to our site in the newest mail. */
async function mailedLink(
  backend: Pick<Backend, 'readSyntheticMail'>,
  mailbox: string,
  publicUrl: string,
): Promise<URL> {
  return until(MAIL_MS, async () => {
    const { text } = await backend.readSyntheticMail({ body: { mailbox } });
    const links = (text?.match(/https?:\/\/[^\s<>"]+/g) ?? []).map((link) => new URL(link));
    const link = links.find(
      (one) => one.origin === new URL(publicUrl).origin && one.searchParams.has('token'),
    );
    if (!link) throw new Error('No mail came with a link.');
    return link;
  });
}

/** Tries until it works. @throws the last error when the time is over */
async function until<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + ms;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await sleep(LOOK_MS);
  }
}
