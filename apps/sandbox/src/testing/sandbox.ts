/** A whole sandbox provider on loopback, on a real PostgreSQL, for tests. */
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Billing } from '@preau/billing';
import { createBilling } from '@preau/billing';
import type { Harness } from '@preau/billing/contractSuite';
import { pino } from 'pino';
import { testDatabase } from '../../../../tools/testDatabase.ts';
import { Clock } from '../clock.ts';
import { Store } from '../database/store.ts';
import { Deliverer } from '../event/delivery.ts';
import type { Behaviour } from '../payer/card.ts';
import { testCards } from '../payer/card.ts';
import { createSandbox } from '../server.ts';

export const API_KEY = 'sandbox_sk_test_0123456789';
export const WEBHOOK_SECRET = 'sandbox_whsec_0123456789';

export interface Received {
  raw: Buffer;
  headers: Record<string, string>;
}

export interface TestSandbox {
  url: string;
  store: Store;
  clock: Clock;
  billing: Billing;
  received: Received[];
  /** What the receiver of webhooks answers. */
  answer: { status: number };
  /** Sends a form as a browser without JavaScript would. */
  post(path: string, fields: Record<string, string>): Promise<Response>;
  pay(checkoutRef: string, how: Behaviour, change?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return `http://127.0.0.1:${address.port}`;
}

export async function testSandbox(panel: 'open' | 'key' = 'open'): Promise<TestSandbox> {
  const database = await testDatabase();
  const received: Received[] = [];
  const answer = { status: 200 };
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).filter(
          (pair): pair is [string, string] => typeof pair[1] === 'string',
        ),
      );
      received.push({ raw: Buffer.concat(chunks), headers });
      response.writeHead(answer.status).end();
    });
  });
  const log = pino({ level: 'silent' });
  const store = new Store(database.sandboxUrl);
  await store.migrate();
  const clock = new Clock(store, log);
  const deliverer = new Deliverer({
    store,
    log,
    url: `${await listen(receiver)}/webhooks/sandbox`,
    secrets: [WEBHOOK_SECRET],
  });
  deliverer.start();
  // The server's own address is only known once it listens.
  const probe = createServer();
  const url = await listen(probe);
  await new Promise((resolve) => probe.close(resolve));
  const server = createSandbox({
    store,
    clock,
    log,
    apiKey: API_KEY,
    publicUrl: url,
    panel,
    isReady: () => true,
  });
  await new Promise<void>((resolve) => server.listen(Number(new URL(url).port), '127.0.0.1', resolve));

  const post = (path: string, fields: Record<string, string>) =>
    fetch(url + path, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) });

  async function pay(ref: string, how: Behaviour, change: Record<string, string> = {}): Promise<Response> {
    const shown = /name="shown" value="(\d+)"/.exec(
      await (await fetch(`${url}/checkout/${ref}`, { redirect: 'manual' })).text(),
    )?.[1];
    const number = testCards.find((card) => card.behaviour === how)?.number ?? '';
    const response = await post(`/checkout/${ref}/pay`, {
      company: 'Atelier',
      country: 'FR',
      siren: '',
      vat: '',
      number,
      expiry: '12/39',
      cvc: '123',
      shown: shown ?? '',
      ...change,
    });
    const location = response.headers.get('location') ?? '';
    if (how !== 'challenge' || !location.includes('/challenge')) return response;
    const bank = await (await fetch(url + location)).text();
    const token = /name="token" value="(\w+)"/.exec(bank)?.[1] ?? '';
    return post(`/checkout/${ref}/challenge`, { token, answer: 'confirm' });
  }

  return {
    url,
    store,
    clock,
    billing: createBilling({ provider: 'sandbox', url, apiKey: API_KEY, webhookSecrets: [WEBHOOK_SECRET] }),
    received,
    answer,
    post,
    pay,
    async close() {
      await deliverer.stop();
      await clock.stop();
      for (const one of [server, receiver]) {
        one.closeAllConnections();
        await new Promise((resolve) => one.close(resolve));
      }
      await store.close();
      await database.drop();
    },
  };
}

/** The same, as the contract suite wants to drive it. */
export async function sandboxHarness(): Promise<Harness> {
  const sandbox = await testSandbox();
  const settings = { provider: 'sandbox' as const, webhookSecrets: [WEBHOOK_SECRET], retryMilliseconds: 1 };
  return {
    billing: sandbox.billing,
    misconfigured: createBilling({ ...settings, url: sandbox.url, apiKey: 'sandbox_sk_wrong' }),
    unreachable: createBilling({ ...settings, url: 'http://127.0.0.1:9', apiKey: API_KEY }),
    pay: async (ref, how) => {
      await sandbox.pay(ref, how);
    },
    advanceDays: async (days) => {
      await sandbox.clock.advance(days * 86_400_000);
    },
    received: () => sandbox.received,
    close: () => sandbox.close(),
  };
}
