import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { codeWalls, sqlWalls, tryWithoutCode, tryWithoutSql } from './walls.ts';
import { openWorld, type World } from './world.ts';

let world: World;

before(async () => {
  world = await openWorld();
});
after(() => world.close());

test('the attack finds each wall of the database that is taken away', async (t) => {
  const walls = await sqlWalls(world);
  assert.ok(walls.length > 100);
  const blind: string[] = [];
  for (const wall of walls) {
    const { findings } = await tryWithoutSql(world, wall);
    if (findings.length === 0) blind.push(wall.name);
  }
  t.diagnostic(`${walls.length} walls`);
  assert.deepEqual(blind, []);
});

describe('the attack finds a wall of the code that is taken away:', () => {
  for (const wall of codeWalls) {
    test(wall.name, async () => {
      const { findings, probes } = await tryWithoutCode(world, wall);
      assert.ok(findings.length > 0, `not found by ${probes} probes`);
    });
  }
});
