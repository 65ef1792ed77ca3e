import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Attack } from './attack.ts';
import { attackContent } from './content.ts';
import { attackEdge } from './edge.ts';
import { fuzz, isFlat } from './fuzz.ts';
import { attackGeneric } from './generic.ts';
import { attackOutbound } from './outbound.ts';
import { findingsText } from './report.ts';
import { attackSql } from './sql.ts';
import { attackUploads } from './uploads.ts';
import { openWorld, type World } from './world.ts';

/** Of the probes over HTTP, one of so many is sent here; `npm run attack` sends all. */
const ONE_OF = { collections: 100, operations: 100, doors: 20 };

/** The same inputs at every run; `npm run attack -- fuzz` sends twelve times as many. */
const FUZZING = { seed: 20_261_130, rounds: 3, each: 1 };

let world: World;

before(async () => {
  world = await openWorld();
});
after(() => world.close());

function requireNothing({ report }: Attack): void {
  assert.equal(report.findings.length, 0, findingsText(report.findings));
  assert.deepEqual([...report.unreached], [], 'every operation is reached by a valid call');
}

test('SQL under the tenant’s role shows, changes and tells nothing of another tenant', async () => {
  const attack = await Attack.prepare(world);
  await attackSql(attack, world.database.tenantUrl);
  requireNothing(attack);
  const tenantTables = [...world.tables.values()].filter(({ holds }) => holds === 'tenant');
  assert.ok(attack.report.probes > 5 * tenantTables.length);
});

test('collections and GraphQL show, change and tell nothing of another tenant', async (t) => {
  const attack = await Attack.prepare(world, { nth: 1, of: ONE_OF.collections });
  await attackGeneric(attack, attack.identities);
  requireNothing(attack);
  t.diagnostic(`${attack.report.probes} probes`);
});

test('content addresses, uploads, pages of other origins and unsigned events get nowhere', async (t) => {
  const attack = await Attack.prepare(world, { nth: 1, of: ONE_OF.doors });
  await attackContent(attack);
  await attackUploads(attack, attack.identities);
  await attackEdge(attack);
  requireNothing(attack);
  t.diagnostic(`${attack.report.probes} probes`);
});

test('operations show, change and tell nothing of another tenant, as everybody who must not', async (t) => {
  const attack = await Attack.prepare(world, { nth: 1, of: ONE_OF.operations });
  await attack.run();
  requireNothing(attack);
  t.diagnostic(`${attack.report.probes} probes`);
  assert.deepEqual(world.backend.errors(), []);
});

test('no process of ours comes to an address that somebody typed', async (t) => {
  const attack = await Attack.prepare(world);
  await attackOutbound(attack);
  const fetched = attack.report.findings.filter(({ kind }) => kind === 'fetched' || kind === 'fault');
  assert.deepEqual(fetched, []);
  t.diagnostic(`${attack.report.probes} probes`);
});

// The last one: it turns the world upside down.
test('hostile input as everybody who may: no 5xx, no unhandled rejection, memory flat', async (t) => {
  const attack = await Attack.prepare(world);
  const { requests, faults, memory } = await fuzz(attack, FUZZING);
  assert.deepEqual(faults, []);
  assert.ok(isFlat(memory), `bytes after each round: ${memory.join(' ')}`);
  t.diagnostic(`${requests} requests`);
});
