import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Gate } from './gate.ts';

test('as many as there are places, in order, those ahead first', async () => {
  const gate = new Gate(1);
  const order: string[] = [];
  const first = await gate.enter('other');
  for (const [name, rank] of [
    ['b', 'other'],
    ['c', 'other'],
    ['a', 'ahead'],
  ] as const)
    gate.enter(rank).then((leave) => {
      order.push(name);
      leave();
    });
  await turn();
  assert.deepEqual(order, []);
  first();
  first();
  await turn();
  assert.deepEqual(order, ['a', 'b', 'c']);
  const again = await gate.enter('other');
  again();
});
