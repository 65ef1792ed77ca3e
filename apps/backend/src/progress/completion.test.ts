import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { evaluate, type Facts, type Outline, type OutlineActivity, unreachable } from './completion.ts';
import type { Rule } from './rule.ts';

const NOW = new Date('2026-11-24T12:00:00Z');

const lesson = (lineage: string, more: Partial<OutlineActivity> = {}): OutlineActivity => ({
  lineage,
  title: `Leçon ${lineage}`,
  type: 'lesson',
  optional: false,
  completionRule: null,
  availabilityRule: null,
  ...more,
});
const quiz = (lineage: string, more: Partial<OutlineActivity> = {}): OutlineActivity => ({
  ...lesson(lineage, more),
  type: 'quiz',
});
const course = (...activities: OutlineActivity[]): Outline => ({
  completionRule: null,
  modules: [{ lineage: 'm1', title: 'Module 1', availabilityRule: null, activities }],
});
const facts = (entries: Record<string, Partial<Facts>>): Map<string, Facts> =>
  new Map(
    Object.entries(entries).map(([lineage, some]) => [
      lineage,
      { viewed: true, markedDone: false, completed: false, passed: false, scorePercent: null, ...some },
    ]),
  );

describe('completion of an activity', () => {
  const cases: [string, OutlineActivity, Partial<Facts>, boolean][] = [
    ['a lesson only opened', lesson('a'), {}, false],
    ['a lesson marked done', lesson('a'), { markedDone: true }, true],
    ['a lesson that asks to be opened', lesson('a', { completionRule: { viewed: true } }), {}, true],
    ['a quiz failed', quiz('a'), { scorePercent: 40 }, false],
    ['a quiz passed', quiz('a'), { scorePercent: 80, passed: true }, true],
    ['a quiz marked done is not a quiz passed', quiz('a'), { markedDone: true }, false],
    ['a score just below', quiz('a', { completionRule: { minScore: 50 } }), { scorePercent: 49.99 }, false],
    ['a score exactly reached', quiz('a', { completionRule: { minScore: 50 } }), { scorePercent: 50 }, true],
    ['no score against a minimum of zero', quiz('a', { completionRule: { minScore: 0 } }), {}, false],
    ['completion once recorded stays', quiz('a'), { completed: true }, true],
  ];
  for (const [name, activity, some, expected] of cases) {
    test(name, () => {
      const state = evaluate(course(activity), facts({ a: some }), NOW).activities.get('a');
      assert.equal(state?.completed, expected);
      assert.equal(state?.todo.length === 0, expected);
    });
  }

  test('any of two ways', () => {
    const outline = course(quiz('a', { completionRule: { any: [{ quizPassed: true }, { minScore: 30 }] } }));
    assert.equal(evaluate(outline, facts({ a: { scorePercent: 31 } }), NOW).course.completed, true);
    assert.deepEqual(evaluate(outline, facts({ a: { scorePercent: 29 } }), NOW).activities.get('a')?.todo, [
      {
        kind: 'anyOf',
        who: 'learner',
        reasons: [
          { kind: 'pass', who: 'learner', activity: 'a', title: 'Leçon a' },
          { kind: 'score', who: 'learner', activity: 'a', title: 'Leçon a', minScore: 30 },
        ],
      },
    ]);
  });
});

describe('availability', () => {
  test('says which activity opens the next, and opens it', () => {
    const outline = course(lesson('a'), quiz('b', { availabilityRule: { activityCompleted: 'a' } }));
    const before = evaluate(outline, new Map(), NOW);
    assert.deepEqual(before.activities.get('b')?.locked, [
      { kind: 'activity', who: 'learner', activity: 'a', title: 'Leçon a', type: 'lesson' },
    ]);
    assert.equal(before.next, 'a');
    const after = evaluate(outline, facts({ a: { markedDone: true } }), NOW);
    assert.equal(after.activities.get('b')?.available, true);
    assert.equal(after.next, 'b');
    assert.equal(after.course.percent, 50);
  });

  test('a locked activity is not completed by facts that slipped in', () => {
    const outline = course(lesson('a'), lesson('b', { availabilityRule: { activityCompleted: 'a' } }));
    assert.equal(
      evaluate(outline, facts({ b: { markedDone: true } }), NOW).activities.get('b')?.completed,
      false,
    );
  });

  test('a module waits for another, with its title as the reason', () => {
    const outline: Outline = {
      completionRule: null,
      modules: [
        {
          lineage: 'm1',
          title: 'Un',
          availabilityRule: null,
          activities: [lesson('a'), lesson('x', { optional: true })],
        },
        {
          lineage: 'm2',
          title: 'Deux',
          availabilityRule: { moduleCompleted: 'm1' },
          activities: [lesson('b')],
        },
      ],
    };
    assert.deepEqual(evaluate(outline, new Map(), NOW).activities.get('b')?.locked, [
      { kind: 'module', who: 'learner', module: 'm1', title: 'Un' },
    ]);
    assert.equal(
      evaluate(outline, facts({ a: { markedDone: true } }), NOW).modules.get('m2')?.available,
      true,
    );
  });

  test('a date opens at its second, and what was completed stays open', () => {
    const outline = course(lesson('a', { availabilityRule: { after: '2026-11-24T13:00:00+01:00' } }));
    const just = new Date(NOW.getTime() - 1);
    assert.deepEqual(evaluate(outline, new Map(), just).activities.get('a')?.locked, [
      { kind: 'date', who: 'time', after: '2026-11-24T13:00:00+01:00' },
    ]);
    assert.equal(evaluate(outline, new Map(), NOW).activities.get('a')?.available, true);
    assert.equal(
      evaluate(outline, facts({ a: { completed: true } }), just).activities.get('a')?.available,
      true,
    );
  });

  test('a rule about nothing names the author, not the learner', () => {
    for (const [rule, reference] of [
      [{ activityCompleted: 'gone' }, 'gone'],
      [{ moduleCompleted: 'gone' }, 'gone'],
      [{ viewed: true }, 'viewed'],
      [{ any: [] }, 'any'],
      [{ after: 'demain' }, 'demain'],
    ] as [Rule, string][]) {
      const outline = course(lesson('a', { availabilityRule: rule }));
      assert.deepEqual(evaluate(outline, new Map(), NOW).activities.get('a')?.locked, [
        { kind: 'broken', who: 'trainer', reference },
      ]);
    }
  });
});

describe('completion of a course', () => {
  test('optional activities do not count', () => {
    const outline = course(lesson('a'), lesson('b', { optional: true }));
    const result = evaluate(outline, facts({ a: { markedDone: true } }), NOW);
    assert.deepEqual(result.course, { completed: true, percent: 100, todo: [] });
    assert.equal(result.next, 'b');
  });

  test('an empty course is never finished', () => {
    assert.equal(evaluate(course(), new Map(), NOW).course.completed, false);
    assert.equal(evaluate(course(lesson('a', { optional: true })), new Map(), NOW).course.completed, false);
  });

  test('its own rule wins over the default', () => {
    const outline = { ...course(lesson('a'), quiz('b')), completionRule: { activityCompleted: 'b' } };
    const result = evaluate(outline, facts({ b: { passed: true } }), NOW);
    assert.deepEqual(result.course, { completed: true, percent: 100, todo: [] });
  });
});

describe('unreachable', () => {
  test('finds circles, dead references and rules that fit no such activity', () => {
    const circle = course(
      lesson('a', { availabilityRule: { activityCompleted: 'b' } }),
      lesson('b', { availabilityRule: { activityCompleted: 'a' } }),
      lesson('c', { availabilityRule: { activityCompleted: 'gone' } }),
      lesson('d', { completionRule: { quizPassed: true } }),
      lesson('e', {
        availabilityRule: { any: [{ activityCompleted: 'gone' }, { after: '2030-01-01T00:00:00Z' }] },
      }),
      quiz('f'),
    );
    assert.deepEqual(unreachable(circle), ['a', 'b', 'c', 'd']);
  });
  test('a module that waits for itself', () => {
    const outline = course(lesson('a'));
    outline.modules[0]!.availabilityRule = { moduleCompleted: 'm1' };
    assert.deepEqual(unreachable(outline), ['a']);
  });
});

describe('for every course and every learner', () => {
  const lineages = ['a', 'b', 'c', 'd', 'e', 'f'];
  const rule: fc.Arbitrary<Rule> = fc.letrec<{ rule: Rule }>((tie) => ({
    rule: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom<Rule>({ viewed: true }, { markedDone: true }, { quizPassed: true }),
      fc.integer({ min: 0, max: 100 }).map((minScore): Rule => ({ minScore })),
      fc.constantFrom(...lineages, 'gone').map((activityCompleted): Rule => ({ activityCompleted })),
      fc.constantFrom('m0', 'm1', 'm2', 'gone').map((moduleCompleted): Rule => ({ moduleCompleted })),
      fc.constantFrom('2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z').map((after): Rule => ({ after })),
      fc.array(tie('rule'), { maxLength: 3 }).map((all): Rule => ({ all })),
      fc.array(tie('rule'), { maxLength: 3 }).map((any): Rule => ({ any })),
    ),
  })).rule;
  const maybe = fc.option(rule, { nil: null });
  const activity = (lineage: string) =>
    fc.record({
      lineage: fc.constant(lineage),
      title: fc.constant(lineage),
      type: fc.constantFrom('lesson' as const, 'quiz' as const),
      optional: fc.boolean(),
      completionRule: maybe,
      availabilityRule: maybe,
    });
  const module = (index: number) =>
    fc.record({
      lineage: fc.constant(`m${index}`),
      title: fc.constant(`m${index}`),
      availabilityRule: maybe,
      activities: fc.tuple(activity(lineages[index * 2]!), activity(lineages[index * 2 + 1]!)),
    });
  const outline: fc.Arbitrary<Outline> = fc.record({
    completionRule: maybe,
    modules: fc.tuple(module(0), module(1), module(2)),
  });
  const fact = fc.record({
    viewed: fc.boolean(),
    markedDone: fc.boolean(),
    completed: fc.boolean(),
    passed: fc.boolean(),
    scorePercent: fc.option(fc.integer({ min: 0, max: 100 }), { nil: null }),
  });
  const learner = fc
    .dictionary(fc.constantFrom(...lineages), fact, { noNullPrototype: true })
    .map((entries) => new Map(Object.entries(entries)));

  test('doing more never closes or undoes anything', () => {
    fc.assert(
      fc.property(outline, learner, fc.constantFrom(...lineages), (plan, before, lineage) => {
        const after = new Map(before);
        const had = before.get(lineage);
        after.set(lineage, {
          viewed: true,
          markedDone: true,
          passed: true,
          completed: had?.completed ?? false,
          scorePercent: 100,
        });
        const then = evaluate(plan, before, NOW);
        const now = evaluate(plan, after, NOW);
        for (const [id, state] of then.activities) {
          const next = now.activities.get(id)!;
          assert.ok(!state.completed || next.completed);
          assert.ok(!state.available || next.available);
        }
        assert.ok(!then.course.completed || now.course.completed);
        assert.ok(now.course.percent >= then.course.percent);
      }),
    );
  });

  test('time passing never closes anything', () => {
    fc.assert(
      fc.property(outline, learner, (plan, done) => {
        const then = evaluate(plan, done, NOW);
        const later = evaluate(plan, done, new Date('2030-01-01T00:00:00Z'));
        for (const [id, state] of then.activities) {
          assert.ok(!state.available || later.activities.get(id)!.available);
        }
      }),
    );
  });

  test('what is locked has a reason, what is open has none; the same for what is to do', () => {
    fc.assert(
      fc.property(outline, learner, (plan, done) => {
        const result = evaluate(plan, done, NOW);
        for (const state of result.activities.values()) {
          assert.equal(state.locked.length === 0, state.available);
          if (state.completed) assert.deepEqual(state.todo, []);
          else assert.ok(state.todo.length > 0 || !state.available);
        }
        assert.ok(result.course.percent >= 0 && result.course.percent <= 100);
      }),
    );
  });

  test('recording what was found complete changes nothing', () => {
    fc.assert(
      fc.property(outline, learner, (plan, done) => {
        const first = evaluate(plan, done, NOW);
        const recorded = new Map(done);
        for (const [id, state] of first.activities) {
          const some = recorded.get(id);
          const base = some ?? {
            viewed: false,
            markedDone: false,
            passed: false,
            scorePercent: null,
            completed: false,
          };
          recorded.set(id, { ...base, completed: state.completed });
        }
        assert.deepEqual(evaluate(plan, recorded, NOW), first);
      }),
    );
  });

  test('the order of modules and activities does not decide what is complete', () => {
    fc.assert(
      fc.property(outline, learner, (plan, done) => {
        const turned: Outline = {
          ...plan,
          modules: plan.modules
            .map((one) => ({ ...one, activities: one.activities.toReversed() }))
            .toReversed(),
        };
        const straight = evaluate(plan, done, NOW);
        const reversed = evaluate(turned, done, NOW);
        for (const [id, state] of straight.activities) {
          assert.equal(reversed.activities.get(id)!.completed, state.completed);
        }
      }),
    );
  });

  test('doing all that is open, again and again, completes exactly what is not unreachable', () => {
    fc.assert(
      fc.property(outline, (plan) => {
        const later = new Date('2030-01-01T00:00:00Z');
        const done = new Map<string, Facts>();
        const types = new Map(
          plan.modules.flatMap((one) => one.activities.map((it) => [it.lineage, it.type])),
        );
        for (let step = 0; step <= lineages.length; step++) {
          for (const [id, state] of evaluate(plan, done, later).activities) {
            const quizzed = types.get(id) === 'quiz';
            if (!state.available) continue;
            const scorePercent = quizzed ? 100 : null;
            done.set(id, { viewed: true, markedDone: true, completed: false, passed: quizzed, scorePercent });
          }
        }
        const left = [...evaluate(plan, done, later).activities].filter(([, state]) => !state.completed);
        assert.deepEqual(
          left.map(([id]) => id),
          unreachable(plan),
        );
      }),
      { numRuns: 500 },
    );
  });
});
