import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StudioModule } from '@preau/contract/tenant/studio';
import { moveActivity, moveModule } from './order.ts';

const activity = (id: string) => ({
  id,
  lineage: id,
  type: 'lesson' as const,
  title: id,
  minutes: 0,
  completion: { kind: 'viewed' as const },
  availability: { kind: 'always' as const },
  questions: 0,
});
const module = (id: string, ...activities: string[]): StudioModule => ({
  id,
  lineage: id,
  title: id,
  summary: '',
  activities: activities.map(activity),
});
const shape = (modules: StudioModule[] | undefined) =>
  modules?.map(({ id, activities }) => `${id}:${activities.map((a) => a.id).join('')}`).join(' ');
const course = [module('M', 'a', 'b', 'c'), module('N', 'd'), module('O')];

test('a module moves and says where it is', () => {
  const move = moveModule(course, 'M', 1);
  assert.equal(shape(move?.modules), 'N:d M:abc O:');
  assert.deepEqual([move?.position, move?.total], [2, 3]);
  assert.equal(moveModule(course, 'M', 0), undefined);
  assert.equal(moveModule(course, 'M', 3), undefined);
});

test('an activity moves within its module and into another', () => {
  assert.equal(shape(moveActivity(course, 'a', 'M', 2)?.modules), 'M:bca N:d O:');
  assert.equal(shape(moveActivity(course, 'b', 'N', 0)?.modules), 'M:ac N:bd O:');
  assert.equal(shape(moveActivity(course, 'd', 'O', 0)?.modules), 'M:abc N: O:d');
});

test('moves to nowhere change nothing', () => {
  assert.equal(moveActivity(course, 'a', 'M', 0), undefined);
  assert.equal(moveActivity(course, 'x', 'M', 0), undefined);
  assert.equal(moveActivity(course, 'a', 'X', 0), undefined);
});
