import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AvailabilityRule, CompletionRule } from '@preau/contract/tenant/content';
import fc from 'fast-check';
import { evaluate, type Facts, type Outline, type OutlineActivity, unreachable } from './completion.ts';

const NOW = new Date('2026-11-24T12:00:00Z');
const LATER = new Date('2030-01-01T00:00:00Z');

const lesson = (lineage: string, more: Partial<OutlineActivity> = {}): OutlineActivity => ({
  lineage,
  title: `Leçon ${lineage}`,
  type: 'lesson',
  completion: { kind: 'marked' },
  availability: { kind: 'always' },
  ...more,
});
const quiz = (lineage: string, more: Partial<OutlineActivity> = {}): OutlineActivity =>
  lesson(lineage, { title: `Quiz ${lineage}`, type: 'quiz', completion: { kind: 'passed' }, ...more });
const course = (...activities: OutlineActivity[]): Outline => ({
  modules: [{ lineage: 'm1', title: 'Module 1', activities }],
});
const seen: Facts = {
  viewed: true,
  marked: false,
  completed: false,
  submitted: false,
  passed: false,
  bestPercent: null,
};
const facts = (entries: Record<string, Partial<Facts>>): Map<string, Facts> =>
  new Map(Object.entries(entries).map(([lineage, some]) => [lineage, { ...seen, ...some }]));

describe('completion of an activity', () => {
  const cases: [string, OutlineActivity, Partial<Facts>, boolean][] = [
    ['a lesson only opened', lesson('a'), {}, false],
    ['a lesson marked done', lesson('a'), { marked: true }, true],
    ['a lesson that asks to be viewed', lesson('a', { completion: { kind: 'viewed' } }), {}, true],
    ['a quiz failed', quiz('a'), { submitted: true, bestPercent: 40 }, false],
    ['a quiz passed', quiz('a'), { submitted: true, bestPercent: 80, passed: true }, true],
    ['a quiz marked done is not a quiz passed', quiz('a'), { marked: true }, false],
    [
      'a quiz that only has to be handed in',
      quiz('a', { completion: { kind: 'submitted' } }),
      { submitted: true },
      true,
    ],
    ['completion once recorded stays', quiz('a'), { completed: true }, true],
  ];
  for (const [name, activity, some, expected] of cases) {
    test(name, () => {
      const result = evaluate(course(activity), facts({ a: some }), NOW);
      assert.equal(result.activities.get('a')?.completed, expected);
      assert.deepEqual(result.course, { completed: expected, percent: expected ? 100 : 0 });
      assert.equal(result.next, expected ? null : 'a');
    });
  }
});

describe('availability', () => {
  test('says which activity opens the next, and opens it', () => {
    const outline = course(lesson('a'), quiz('b', { availability: { kind: 'completed', lineage: 'a' } }));
    const before = evaluate(outline, new Map(), NOW);
    assert.deepEqual(before.activities.get('b')?.reasons, [
      { kind: 'activity', who: 'learner', lineage: 'a', title: 'Leçon a' },
    ]);
    assert.equal(before.next, 'a');
    const after = evaluate(outline, facts({ a: { marked: true } }), NOW);
    assert.equal(after.activities.get('b')?.available, true);
    assert.equal(after.next, 'b');
    assert.equal(after.course.percent, 50);
  });

  test('« previous » looks over the border of a module, and opens the very first', () => {
    const previous: AvailabilityRule = { kind: 'previous' };
    const outline: Outline = {
      modules: [
        { lineage: 'm1', title: 'Un', activities: [lesson('a', { availability: previous })] },
        { lineage: 'm2', title: 'Deux', activities: [lesson('b', { availability: previous })] },
      ],
    };
    const result = evaluate(outline, new Map(), NOW);
    assert.equal(result.activities.get('a')?.available, true);
    assert.deepEqual(result.activities.get('b')?.reasons, [
      { kind: 'activity', who: 'learner', lineage: 'a', title: 'Leçon a' },
    ]);
  });

  test('a locked activity is not completed by facts that slipped in', () => {
    const outline = course(lesson('a'), lesson('b', { availability: { kind: 'previous' } }));
    const result = evaluate(outline, facts({ b: { marked: true } }), NOW);
    assert.equal(result.activities.get('b')?.completed, false);
  });

  test('a score is reached exactly, and a failed quiz may still open what asks for less', () => {
    const outline = course(
      quiz('a'),
      lesson('b', { availability: { kind: 'score', lineage: 'a', percent: 50 } }),
    );
    const at = (bestPercent: number | null) =>
      evaluate(outline, facts({ a: { submitted: true, bestPercent } }), NOW).activities.get('b');
    assert.deepEqual(at(49.99)?.reasons, [
      { kind: 'score', who: 'learner', lineage: 'a', title: 'Quiz a', percent: 50 },
    ]);
    assert.equal(at(50)?.available, true);
    assert.equal(at(null)?.available, false);
  });

  test('a module opens what waits for it', () => {
    const rule: AvailabilityRule = { kind: 'moduleCompleted', lineage: 'm1' };
    const outline: Outline = {
      modules: [
        { lineage: 'm1', title: 'Un', activities: [lesson('a')] },
        { lineage: 'm2', title: 'Deux', activities: [lesson('b', { availability: rule })] },
      ],
    };
    assert.deepEqual(evaluate(outline, new Map(), NOW).activities.get('b')?.reasons, [
      { kind: 'module', who: 'learner', lineage: 'm1', title: 'Un' },
    ]);
    const done = evaluate(outline, facts({ a: { marked: true } }), NOW);
    assert.equal(done.activities.get('b')?.available, true);
    assert.deepEqual([...done.modules], ['m1']);
  });

  test('a date opens at its very second, and what was completed stays open', () => {
    const at = '2026-11-24T13:00:00+01:00';
    const outline = course(lesson('a', { availability: { kind: 'after', at } }));
    const just = new Date(NOW.getTime() - 1);
    assert.deepEqual(evaluate(outline, new Map(), just).activities.get('a')?.reasons, [
      { kind: 'date', who: 'time', at },
    ]);
    assert.equal(evaluate(outline, new Map(), NOW).activities.get('a')?.available, true);
    assert.equal(
      evaluate(outline, facts({ a: { completed: true } }), just).activities.get('a')?.available,
      true,
    );
  });

  test('any of several: one is enough, else all of them are named together', () => {
    const rule: AvailabilityRule = {
      kind: 'any',
      rules: [
        { kind: 'completed', lineage: 'a' },
        { kind: 'after', at: '2027-01-01T00:00:00Z' },
      ],
    };
    const outline = course(lesson('a'), lesson('b', { availability: rule }));
    assert.equal(evaluate(outline, facts({ a: { marked: true } }), NOW).activities.get('b')?.available, true);
    assert.equal(evaluate(outline, new Map(), LATER).activities.get('b')?.available, true);
    assert.deepEqual(evaluate(outline, new Map(), NOW).activities.get('b')?.reasons, [
      {
        kind: 'any',
        who: 'learner',
        reasons: [
          { kind: 'activity', who: 'learner', lineage: 'a', title: 'Leçon a' },
          { kind: 'date', who: 'time', at: '2027-01-01T00:00:00Z' },
        ],
      },
    ]);
  });

  test('a rule about nothing names the author, not the learner', () => {
    const cases: [AvailabilityRule, string][] = [
      [{ kind: 'completed', lineage: 'gone' }, 'gone'],
      [{ kind: 'moduleCompleted', lineage: 'gone' }, 'gone'],
      [{ kind: 'score', lineage: 'a', percent: 10 }, 'a'],
      [{ kind: 'any', rules: [] }, 'any'],
      [{ kind: 'after', at: 'demain' }, 'demain'],
    ];
    for (const [availability, reference] of cases) {
      const result = evaluate(course(lesson('a', { availability })), new Map(), NOW);
      assert.deepEqual(result.activities.get('a')?.reasons, [{ kind: 'broken', who: 'author', reference }]);
    }
  });
});

test('an empty course is never finished', () => {
  assert.deepEqual(evaluate(course(), new Map(), NOW).course, { completed: false, percent: 0 });
});

describe('unreachable', () => {
  test('finds circles, dead references and rules that fit no such activity', () => {
    const either: AvailabilityRule = {
      kind: 'any',
      rules: [
        { kind: 'completed', lineage: 'gone' },
        { kind: 'after', at: '2030-01-01T00:00:00Z' },
      ],
    };
    const circle = course(
      lesson('a', { availability: { kind: 'completed', lineage: 'b' } }),
      lesson('b', { availability: { kind: 'completed', lineage: 'a' } }),
      lesson('c', { availability: { kind: 'completed', lineage: 'gone' } }),
      lesson('d', { completion: { kind: 'passed' } }),
      lesson('e', { availability: either }),
      quiz('f'),
    );
    assert.deepEqual(unreachable(circle), ['a', 'b', 'c', 'd']);
  });

  test('a module that waits for itself', () => {
    const rule: AvailabilityRule = { kind: 'moduleCompleted', lineage: 'm1' };
    assert.deepEqual(unreachable(course(lesson('a', { availability: rule }))), ['a']);
  });
});

describe('for every course and every learner', () => {
  const lineages = ['a', 'b', 'c', 'd', 'e', 'f'];
  const reference = fc.constantFrom(...lineages, 'gone');
  const { rule } = fc.letrec<{ rule: AvailabilityRule }>((tie) => ({
    rule: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom<AvailabilityRule>({ kind: 'always' }, { kind: 'previous' }),
      reference.map((lineage): AvailabilityRule => ({ kind: 'completed', lineage })),
      fc
        .tuple(reference, fc.integer({ min: 0, max: 100 }))
        .map(([lineage, percent]): AvailabilityRule => ({ kind: 'score', lineage, percent })),
      fc
        .constantFrom('m0', 'm1', 'm2', 'gone')
        .map((lineage): AvailabilityRule => ({ kind: 'moduleCompleted', lineage })),
      fc
        .constantFrom('2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z')
        .map((at): AvailabilityRule => ({ kind: 'after', at })),
      fc.array(tie('rule'), { maxLength: 3 }).map((rules): AvailabilityRule => ({ kind: 'all', rules })),
      fc.array(tie('rule'), { maxLength: 3 }).map((rules): AvailabilityRule => ({ kind: 'any', rules })),
    ),
  }));
  const completion = fc.constantFrom<CompletionRule>(
    { kind: 'viewed' },
    { kind: 'marked' },
    { kind: 'submitted' },
    { kind: 'passed' },
  );
  const activity = (index: number) =>
    fc.record({
      lineage: fc.constant(lineages[index] ?? ''),
      title: fc.constant(`Activité ${index}`),
      type: fc.constantFrom('lesson' as const, 'quiz' as const),
      completion,
      availability: rule,
    });
  const module = (index: number) =>
    fc.record({
      lineage: fc.constant(`m${index}`),
      title: fc.constant(`Module ${index}`),
      activities: fc.tuple(activity(index * 2), activity(index * 2 + 1)),
    });
  const outline: fc.Arbitrary<Outline> = fc.record({ modules: fc.tuple(module(0), module(1), module(2)) });
  const fact: fc.Arbitrary<Facts> = fc.record({
    viewed: fc.boolean(),
    marked: fc.boolean(),
    completed: fc.boolean(),
    submitted: fc.boolean(),
    passed: fc.boolean(),
    bestPercent: fc.option(fc.integer({ min: 0, max: 100 }), { nil: null }),
  });
  const learner = fc
    .dictionary(fc.constantFrom(...lineages), fact, { noNullPrototype: true })
    .map((entries) => new Map(Object.entries(entries)));
  const everything = { viewed: true, marked: true, submitted: true, passed: true, bestPercent: 100 };

  test('doing more never closes or undoes anything', () => {
    fc.assert(
      fc.property(outline, learner, fc.constantFrom(...lineages), (plan, before, lineage) => {
        const after = new Map(before);
        after.set(lineage, { ...everything, completed: before.get(lineage)?.completed ?? false });
        const then = evaluate(plan, before, NOW);
        const now = evaluate(plan, after, NOW);
        for (const [id, state] of then.activities) {
          assert.ok(!state.completed || now.activities.get(id)?.completed);
          assert.ok(!state.available || now.activities.get(id)?.available);
        }
        assert.ok(!then.course.completed || now.course.completed);
        assert.ok(now.course.percent >= then.course.percent);
      }),
    );
  });

  test('time passing never closes anything', () => {
    fc.assert(
      fc.property(outline, learner, (plan, done) => {
        const later = evaluate(plan, done, LATER).activities;
        for (const [id, state] of evaluate(plan, done, NOW).activities) {
          assert.ok(!state.available || later.get(id)?.available);
        }
      }),
    );
  });

  test('what is locked has a reason, what is open has none, and 100 % means completed', () => {
    fc.assert(
      fc.property(outline, learner, (plan, done) => {
        const result = evaluate(plan, done, NOW);
        for (const state of result.activities.values()) {
          assert.equal(state.reasons.length === 0, state.available);
        }
        assert.equal(result.course.percent === 100, result.course.completed);
        assert.ok(!result.course.completed || result.next === null);
      }),
    );
  });

  test('recording what was found complete changes nothing', () => {
    fc.assert(
      fc.property(outline, learner, (plan, done) => {
        const first = evaluate(plan, done, NOW);
        const recorded = new Map(done);
        for (const [id, { completed }] of first.activities) {
          recorded.set(id, { ...(done.get(id) ?? { ...seen, viewed: false }), completed });
        }
        assert.deepEqual(evaluate(plan, recorded, NOW), first);
      }),
    );
  });

  test('doing all that is open, again and again, completes exactly what is not unreachable', () => {
    fc.assert(
      fc.property(outline, (plan) => {
        const types = new Map(
          plan.modules.flatMap((one) => one.activities.map((it) => [it.lineage, it.type])),
        );
        const done = new Map<string, Facts>();
        for (let step = 0; step <= lineages.length; step++) {
          for (const [id, state] of evaluate(plan, done, LATER).activities) {
            if (!state.available) continue;
            const graded = types.get(id) === 'quiz' ? everything : { ...seen, marked: true };
            done.set(id, { ...graded, completed: false });
          }
        }
        const left = [...evaluate(plan, done, LATER).activities].filter(([, state]) => !state.completed);
        assert.deepEqual(
          left.map(([id]) => id),
          unreachable(plan),
        );
      }),
      { numRuns: 500 },
    );
  });
});
