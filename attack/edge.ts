/**
 * The doors before the backend: changes that a page of another origin makes a browser send to the hub or to a
 * platform, and payment events that no provider signed.
 */
import { signWebhook } from '@preau/billing';
import type { Attack } from './attack.ts';
import { type Mutation, startAttacked } from './backend.ts';
import type { Identity } from './identities.ts';
import type { Probe } from './probe.ts';

export const HUB = 'http://localhost:8080';
export const INSTANCE = 'http://victime.localhost:8080';
export const PROVIDER = 'provider.invalid';
export const WEBHOOK_SECRET = 'the provider’s and ours only';
const EVENT = Buffer.from(
  JSON.stringify({
    object: 'event',
    id: 'evt_1',
    type: 'subscription.updated',
    livemode: false,
    createdAt: new Date(0).toISOString(),
    data: { subscription: 'sub_1', checkout: null, invoice: null },
  }),
);

/** Pages that a stranger can make somebody open; a browser never names another origin than the page’s. */
const foreignPages = (own: string) => [
  'https://exemple.test',
  'http://attaquant.localhost:8080',
  'http://content--victime.localhost:8080',
  'http://pay.localhost:8080',
  own === HUB ? INSTANCE : HUB,
  own.replace('http:', 'https:'),
  own.replace(':8080', ':8081'),
  `${own}.exemple.test`,
  `${own}@exemple.test`,
  'null',
  undefined,
];
/** What browsers say of such a page; older ones nothing. */
const SITES = ['cross-site', 'same-site', 'none', undefined];
const METHODS = ['POST', 'PUT', 'DELETE', 'QUERY'];
const PATHS = ['/', '/auth/handoff', '/auth/support', '/auth/handoff/', '/api/uploads'];
/** The hub’s one way to let its customers in: one-time secrets prove themselves. */
const HAND_OFF = /^\/auth\/(handoff|support)$/;

const stranger: Identity = {
  name: 'page of another origin',
  admits: () => false,
  refused: true,
  home: 'attacker',
  foreign: 'everything',
  headers: async () => ({}),
};

export async function attackEdge(attack: Attack, mutations: readonly Mutation[] = []): Promise<void> {
  const { world } = attack;
  const { target } = world;
  const door = await startAttacked({ NODE_ENV: 'test' }, mutations, 'attack/edgeProcess.ts');
  world.target = door;
  const expect = async (probe: Probe, passes: boolean) => {
    const { status } = await attack.probe(probe, stranger);
    if (passes && status !== 200) attack.report.unreached.set(probe.operation, `${probe.way}: ${status}`);
    if (!passes && status < 400) attack.find('believed', probe, `answered ${status}`);
  };
  try {
    for (const own of [HUB, INSTANCE]) {
      const change = (method: string, path: string, headers: Record<string, string | undefined>): Probe => ({
        operation: `change at ${own === HUB ? 'the hub' : 'an instance'}`,
        identity: stranger.name,
        way: headers.origin ? 'origin' : 'no origin',
        method,
        target: path,
        headers: { host: new URL(own).host, ...given(headers) },
      });
      await expect(change('POST', '/', { origin: own, 'sec-fetch-site': 'same-origin' }), true);
      for (const origin of foreignPages(own))
        for (const site of SITES)
          for (const method of METHODS)
            for (const path of PATHS) {
              if (!attack.takes(own, String(origin), String(site), method, path)) continue;
              const handsOff = own === INSTANCE && origin === HUB && method === 'POST' && HAND_OFF.test(path);
              await expect(change(method, path, { origin, 'sec-fetch-site': site }), handsOff);
            }
    }
    const report = (way: string, signature: string | undefined, body = EVENT): Probe => ({
      operation: 'event of a provider',
      identity: stranger.name,
      way,
      method: 'POST',
      target: '/webhooks/sandbox',
      headers: {
        host: PROVIDER,
        'content-type': 'application/json',
        ...given({ 'preau-signature': signature }),
      },
      body,
    });
    const now = Date.now();
    const by = (secret: string, at = now, body = EVENT) => signWebhook(body, new Date(at), [secret]);
    const genuine = by(WEBHOOK_SECRET);
    const [time = '', digest = ''] = genuine.split(',');
    const later = `t=${Math.floor(now / 1_000) + 1}`;
    const other = Buffer.from(EVENT.toString().replace('sub_1', 'sub_2'));
    await expect(report('own', genuine), true);
    await expect(report('no signature', undefined), false);
    await expect(report('empty signature', ''), false);
    await expect(report('another secret', by('guessed')), false);
    await expect(report('no secret', by('')), false);
    await expect(report('another body', genuine, other), false);
    await expect(report('another body', genuine, Buffer.concat([EVENT, Buffer.from(' ')])), false);
    await expect(report('another time', `${later},${digest}`), false);
    await expect(report('no time', digest), false);
    await expect(report('no digest', time), false);
    await expect(report('cut digest', `${time},${digest.slice(0, -2)}`), false);
    await expect(report('two times', `${later},${time},${digest}`), false);
    await expect(report('sent again later', by(WEBHOOK_SECRET, now - 600_000)), false);
    await expect(report('from the future', by(WEBHOOK_SECRET, now + 600_000)), false);
  } finally {
    world.target = target;
    await door.stop();
  }
}

const given = (headers: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
