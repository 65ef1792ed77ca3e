/**
 * Addresses that somebody types: a listener of the attacker's stands behind one, on this very machine, and it is put in
 * the place of every text of every input. No process of ours fetches it (decision 097): nobody may come.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Attack, CUSTOMER_KINDS } from './attack.ts';
import type { Operation } from './document.ts';
import { replacedEach } from './fuzz.ts';
import type { Probe } from './probe.ts';

/** What is fetched after the answer comes within that. */
const AFTERWARDS_MS = 1_000;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const isText = (leaf: unknown) => typeof leaf === 'string' && !UUID.test(leaf);

export async function attackOutbound(
  attack: Attack,
  concerns: (operation: Operation) => boolean = () => true,
): Promise<void> {
  const visited = new Set<string>();
  const listener = createServer((request, response) => {
    visited.add(request.url ?? '');
    response.end();
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const sent = new Map<string, Probe>();
  try {
    for (const operation of attack.document.operations) {
      if (!operation.body || !CUSTOMER_KINDS.includes(operation.identity) || !concerns(operation)) continue;
      const [identity] = attack.rightful(operation);
      if (!identity) continue;
      const inputs = await attack.ownInputs(operation);
      const bodies = inputs.flatMap(({ input }, nth) => {
        const address = `http://127.0.0.1:${port}/${operation.id}/${nth}`;
        return replacedEach(input.body, address, isText).map((body) => ({ input: { ...input, body }, nth }));
      });
      for (const { input, nth } of bodies) {
        const headers = await identity.headers();
        const probe = await attack.request(operation, identity.name, 'address', input, headers);
        sent.set(`/${operation.id}/${nth}`, probe);
        await attack.probe(probe, identity);
      }
    }
    await sleep(AFTERWARDS_MS);
    for (const [path, probe] of sent)
      if (visited.has(path))
        attack.find('fetched', probe, 'a process of ours came to an address that was typed');
  } finally {
    listener.close();
    listener.closeAllConnections();
  }
}
