import assert from 'node:assert/strict';
import { test } from 'node:test';
import { can as canAsset } from './asset.ts';
import { can as canAttempt } from './attempt.ts';
import { type CourseFacts, type CourseVerb, can as canCourse } from './course.ts';
import { can as canPerson, type PersonChange } from './person.ts';
import type { Viewer } from './viewer.ts';

const visitor: Viewer = null;
const learner: Viewer = { id: 'l', role: 'learner' };
const trainer: Viewer = { id: 't', role: 'trainer' };
const administrator: Viewer = { id: 'a', role: 'administrator' };
const everybody = [visitor, learner, trainer, administrator];

/** One row a situation, one column a person: visitor, learner, trainer, administrator. */
function matrix(rows: [string, boolean[]][], ask: (row: string, viewer: Viewer) => boolean): void {
  for (const [row, expected] of rows) {
    assert.deepEqual(
      everybody.map((viewer) => ask(row, viewer)),
      expected,
      row,
    );
  }
}
const yes = true;
const no = false;

test('courses', () => {
  const base: CourseFacts = {
    published: true,
    catalogue: 'public',
    listed: true,
    selfEnrolment: true,
    enrolled: false,
  };
  const situations: Record<string, CourseFacts> = {
    public: base,
    private: { ...base, catalogue: 'private' },
    unlisted: { ...base, catalogue: 'private', listed: false },
    closed: { ...base, selfEnrolment: false },
    draft: { ...base, published: false },
  };
  matrix(
    [
      ['public list', [yes, yes, yes, yes]],
      ['public see', [yes, yes, yes, yes]],
      ['public study', [no, no, yes, yes]],
      ['public join', [no, yes, yes, yes]],
      ['public write', [no, no, yes, yes]],
      ['private list', [no, yes, yes, yes]],
      ['private see', [no, yes, yes, yes]],
      ['private study', [no, no, yes, yes]],
      ['unlisted list', [no, no, no, no]],
      ['unlisted see', [no, yes, yes, yes]],
      ['closed join', [no, no, no, no]],
      ['draft list', [no, no, no, no]],
      ['draft see', [no, no, yes, yes]],
      ['draft join', [no, no, no, no]],
    ],
    (row, viewer) => {
      const [situation = '', verb] = row.split(' ') as [string, CourseVerb];
      return canCourse(viewer, verb, situations[situation] ?? base);
    },
  );
  const enrolled = { ...base, catalogue: 'private', listed: false, enrolled: true } as const;
  for (const verb of ['list', 'see', 'study'] as const)
    assert.equal(canCourse(learner, verb, enrolled), true);
});

test('attempts: one’s own, and authors may read', () => {
  const ofLearner = { userId: 'l' };
  matrix(
    [
      ['read', [no, yes, yes, yes]],
      ['answer', [no, yes, no, no]],
      ['submit', [no, yes, no, no]],
    ],
    (verb, viewer) => canAttempt(viewer, verb as 'read' | 'answer' | 'submit', ofLearner),
  );
  assert.equal(canAttempt({ id: 'other', role: 'learner' }, 'read', ofLearner), false);
});

test('assets', () => {
  const facts = (row: string) => ({ shown: row.includes('shown'), studied: row.includes('studied') });
  matrix(
    [
      ['download', [no, no, yes, yes]],
      ['download shown', [yes, yes, yes, yes]],
      ['download studied', [no, yes, yes, yes]],
      ['upload shown studied', [no, no, yes, yes]],
    ],
    (row, viewer) => canAsset(viewer, row.startsWith('upload') ? 'upload' : 'download', facts(row)),
  );
});

test('people', () => {
  const last: PersonChange = {
    role: 'administrator',
    active: true,
    administrators: 1,
    next: { role: 'learner', active: true },
  };
  const changes: Record<string, PersonChange | undefined> = {
    list: undefined,
    'demote the last': last,
    'disable the last': { ...last, next: { role: 'administrator', active: false } },
    'demote one of two': { ...last, administrators: 2 },
    'keep the last': { ...last, next: { role: 'administrator', active: true } },
    'demote a disabled one': { ...last, active: false },
    'promote a learner': { ...last, role: 'learner', next: { role: 'administrator', active: true } },
  };
  matrix(
    [
      ['list', [no, no, no, yes]],
      ['demote the last', [no, no, no, no]],
      ['disable the last', [no, no, no, no]],
      ['demote one of two', [no, no, no, yes]],
      ['keep the last', [no, no, no, yes]],
      ['demote a disabled one', [no, no, no, yes]],
      ['promote a learner', [no, no, no, yes]],
    ],
    (row, viewer) => canPerson(viewer, row === 'list' ? 'list' : 'change', changes[row]),
  );
});
