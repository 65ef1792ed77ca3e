import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from '@preau/contract/tenant/assessment';
import { type QuestionInput, questionInput } from '@preau/contract/tenant/content';
import fc from 'fast-check';
import { grade, total } from './grade.ts';
import { parseNumber } from './number.ts';
import { ask, fits, solution } from './present.ts';
import { MAX_SEED, shuffle } from './shuffle.ts';
import { matches } from './text.ts';

const question = (input: unknown): QuestionInput => questionInput.parse(input);
const options = (...ids: string[]): Answer => ({ kind: 'options', ids });
const text = (value: string): Answer => ({ kind: 'text', value });

describe('a single choice', () => {
  const one = question({
    type: 'single',
    prompt: 'Quelle couleur ?',
    points: 2,
    feedback: 'Voir la leçon 1.',
    options: [
      { id: 'a', text: 'Vert', correct: true, feedback: 'Oui.' },
      { id: 'b', text: 'Rouge', correct: false, feedback: 'Relisez.' },
      { id: 'c', text: 'Vert clair', correct: false, weight: 50 },
    ],
  });
  test('right, wrong, half right, nothing, two at once, unknown, of another kind', () => {
    assert.deepEqual(grade(one, options('a')), {
      score: 2,
      correct: true,
      feedback: ['Oui.', 'Voir la leçon 1.'],
    });
    assert.deepEqual(grade(one, options('b')), {
      score: 0,
      correct: false,
      feedback: ['Relisez.', 'Voir la leçon 1.'],
    });
    assert.equal(grade(one, options('c')).score, 1);
    for (const answer of [undefined, options(), options('a', 'b'), options('z'), text('a')]) {
      assert.deepEqual(grade(one, answer), { score: 0, correct: false, feedback: ['Voir la leçon 1.'] });
    }
  });
});

describe('several choices', () => {
  const make = (weights: (number | null)[], correct = [true, true, false, false]) =>
    question({
      type: 'multiple',
      prompt: '?',
      points: 4,
      options: correct.map((right, i) => ({
        id: 'abcd'[i],
        text: 'x',
        correct: right,
        weight: weights[i] ?? null,
      })),
    });
  test('a wrong tick takes back what a right one gave, never below nothing', () => {
    const several = make([]);
    assert.equal(grade(several, options('a', 'b')).score, 4);
    assert.equal(grade(several, options('a')).score, 2);
    assert.equal(grade(several, options('a', 'c')).score, 0);
    assert.equal(grade(several, options('a', 'b', 'c')).score, 2);
    assert.equal(grade(several, options('a', 'b', 'c', 'd')).score, 0);
    assert.equal(grade(several, options('c', 'd')).score, 0);
    assert.equal(grade(several, options('a', 'a')).score, 2);
  });
  test('weights of the author win', () => {
    const weighted = make([75, 25, -100, 0]);
    assert.equal(grade(weighted, options('a')).score, 3);
    assert.equal(grade(weighted, options('a', 'b', 'd')).score, 4);
    assert.equal(grade(weighted, options('a', 'b', 'c')).score, 0);
  });
  test('thirds add up to all', () => {
    const thirds = make([33.33333, 33.33333, 33.33333, -100], [true, true, true, false]);
    assert.equal(grade(thirds, options('a', 'b', 'c')).correct, true);
  });
  test('where nothing is right, ticking nothing is', () => {
    const none = make([], [false, false, false, false]);
    assert.equal(grade(none, options()).correct, true);
    assert.equal(grade(none, options('a')).correct, false);
    assert.equal(grade(none, undefined).correct, false);
  });
});

test('true or false, each with its own feedback', () => {
  const tf = question({
    type: 'trueFalse',
    prompt: '?',
    answer: false,
    feedbackTrue: 'Non.',
    feedbackFalse: 'Oui.',
  });
  assert.deepEqual(grade(tf, { kind: 'boolean', value: false }), {
    score: 1,
    correct: true,
    feedback: ['Oui.'],
  });
  assert.deepEqual(grade(tf, { kind: 'boolean', value: true }), {
    score: 0,
    correct: false,
    feedback: ['Non.'],
  });
  assert.equal(grade(tf, text('false')).correct, false);
});

describe('a short answer', () => {
  const short = (answers: unknown[], caseSensitive = false) =>
    question({ type: 'shortAnswer', prompt: '?', answers, caseSensitive });
  test('case, accents, spaces and typographic signs do not count', () => {
    const one = short([{ text: "l'élève à l'œuvre" }]);
    for (const typed of [
      'L’ÉLÈVE À L’ŒUVRE',
      "  l'eleve   a l'oeuvre ",
      'l\u2019e\u0301le\u0300ve à l’œuvre',
      "l'élève\u00a0à l'œuvre",
    ]) {
      assert.equal(grade(one, text(typed)).correct, true, typed);
    }
    assert.equal(grade(one, text('élève')).correct, false);
    assert.equal(grade(one, text('   ')).correct, false);
  });
  test('unless the author says so', () => {
    const one = short([{ text: 'Élan' }], true);
    assert.equal(grade(one, text(' Élan ')).correct, true);
    assert.equal(grade(one, text('élan')).correct, false);
    assert.equal(grade(one, text('Elan')).correct, false);
  });
  test('the best of several accepted answers counts', () => {
    const one = short([
      { text: 'accueil*', percent: 40, feedback: 'Presque.' },
      { text: 'accueillir', percent: 100, feedback: 'Exact.' },
    ]);
    assert.deepEqual(grade(one, text('Accueillir')), { score: 1, correct: true, feedback: ['Exact.'] });
    assert.deepEqual(grade(one, text('accueil')), { score: 0.4, correct: false, feedback: ['Presque.'] });
  });
  test('wildcards', () => {
    const free = { caseSensitive: false, accentSensitive: false };
    const cases: [string, string, boolean][] = [
      ['*', '', true],
      ['a*c', 'abc', true],
      ['a*c', 'ac', true],
      ['a*c', 'abcd', false],
      ['a*a', 'a', false],
      ['*chat*noir*', 'Le chat est bien noir.', true],
      ['*chat*noir*', 'noir chat', false],
      ['2\\*3', '2*3', true],
      ['2\\*3', '2x3', false],
      ['ab*ab', 'ab', false],
      ['*ab*b*', 'ab', false],
      ['(.+)', 'x', false],
    ];
    for (const [accepted, typed, expected] of cases) {
      assert.equal(matches(typed, accepted, free), expected, `${accepted} / ${typed}`);
    }
  });
  test('a hostile pattern is answered at once', () => {
    const started = performance.now();
    matches('a'.repeat(1000), `${'*a'.repeat(240)}*b`, { caseSensitive: false, accentSensitive: false });
    assert.ok(performance.now() - started < 200);
  });
});

describe('a number', () => {
  test('as people type it', () => {
    const cases: [string, number | null][] = [
      ['3,14', 3.14],
      ['3.14', 3.14],
      [' 1 234,5 ', 1234.5],
      ['1\u202f234\u00a0567', 1234567],
      ['1.234,5', 1234.5],
      ['1,234.5', 1234.5],
      ['1.234.567', 1234567],
      ['1,234,567', 1234567],
      ['−2', -2],
      ['+2', 2],
      ['2,5e3', 2500],
      [',5', 0.5],
      ['5,', 5],
      ["1'000", 1000],
      ['', null],
      ['-', null],
      ['abc', null],
      ['1,2,3.4,5', null],
      ['1.2.3,4,5', null],
      ['0x10', null],
      ['Infinity', null],
      ['1e999', null],
      ['12 kg', null],
    ];
    for (const [typed, expected] of cases) assert.equal(parseNumber(typed), expected, typed);
  });
  test('within its tolerance, bounds included', () => {
    const pi = question({
      type: 'numeric',
      prompt: '?',
      unit: 'cm',
      answers: [
        { value: 0.3, tolerance: 0, percent: 100 },
        { value: 0.3, tolerance: 0.1, percent: 50, feedback: 'Trop vague.' },
      ],
    });
    assert.equal(grade(pi, text('0,3')).score, 1);
    assert.equal(grade(pi, text('0,3 cm')).score, 1);
    assert.equal(grade(pi, text(String(0.1 + 0.2))).score, 1);
    assert.deepEqual(grade(pi, text('0,4')), { score: 0.5, correct: false, feedback: ['Trop vague.'] });
    assert.equal(grade(pi, text('0,2')).score, 0.5);
    assert.equal(grade(pi, text('0,41')).score, 0);
    assert.equal(grade(pi, text('trois')).score, 0);
  });
});

describe('a whole attempt', () => {
  test('reaches its pass mark exactly, also with thirds', () => {
    const third = { score: 0.3333, points: 1 };
    assert.equal(total([third, third, { score: 0.3334, points: 1 }], 33.3333).passed, true);
    assert.deepEqual(total([{ score: 7, points: 10 }], 70), {
      score: 7,
      maxScore: 10,
      percent: 70,
      passed: true,
    });
    assert.equal(total([{ score: 6.99, points: 10 }], 70).passed, false);
    assert.equal(total([], 70).passed, true);
    assert.equal(total([{ score: 0, points: 1 }], 0).passed, true);
  });
});

describe('what the learner is asked', () => {
  const single = question({
    type: 'single',
    prompt: '?',
    feedback: 'secret-general',
    options: [
      { id: 'a', text: 'A', correct: true, weight: 100, feedback: 'secret-a' },
      { id: 'b', text: 'B', correct: false, feedback: 'secret-b' },
    ],
  });
  test('never tells an answer', () => {
    const shown = ask('q', single, 1, true);
    assert.deepEqual(Object.keys(shown).sort(), ['id', 'options', 'points', 'prompt', 'type', 'unit']);
    assert.doesNotMatch(JSON.stringify(shown), /secret|correct|weight/);
  });
  test('solutions are worded in the language', () => {
    const tf = question({ type: 'trueFalse', prompt: '?', answer: true });
    assert.deepEqual(solution(tf, 'fr'), ['Vrai']);
    assert.deepEqual(solution(tf, 'en'), ['True']);
    const number = question({
      type: 'numeric',
      prompt: '?',
      unit: 'm',
      answers: [{ value: 1.5, tolerance: 0.1 }],
    });
    assert.deepEqual(solution(number, 'fr'), ['1,5 ± 0,1 m']);
    assert.deepEqual(solution(single, 'fr'), ['A']);
  });
  test('an answer must have its question’s shape', () => {
    assert.equal(fits(single, options('a')), true);
    assert.equal(fits(single, options('a', 'b')), false);
    assert.equal(fits(single, options('z')), false);
    assert.equal(fits(single, text('a')), false);
  });
});

describe('shuffling', () => {
  const items = fc.array(fc.integer(), { maxLength: 20 });
  const seed = fc.integer({ min: 0, max: MAX_SEED });
  test('keeps every item, and the same seed gives the same order', () => {
    fc.assert(
      fc.property(items, seed, (list, number) => {
        const shuffled = shuffle(list, number);
        assert.deepEqual([...shuffled].sort(), [...list].sort());
        assert.deepEqual(shuffle(list, number), shuffled);
      }),
    );
  });
  test('puts each of four items first about as often as the others', () => {
    const firsts = new Map<string, number>();
    for (let number = 0; number < 4000; number++) {
      const first = shuffle(['a', 'b', 'c', 'd'], number * 7919)[0] ?? '';
      firsts.set(first, (firsts.get(first) ?? 0) + 1);
    }
    for (const count of firsts.values()) assert.ok(count > 850 && count < 1150, `${count}`);
  });
});

test('no answer whatsoever breaks grading or leaves 0 to the points', () => {
  const questions = [
    {
      type: 'single',
      prompt: '',
      options: [
        { id: 'a', text: '', correct: true, weight: -50 },
        { id: 'b', text: '', correct: false },
      ],
    },
    {
      type: 'multiple',
      prompt: '',
      points: 3,
      options: [
        { id: 'a', text: '', correct: true },
        { id: 'b', text: '', correct: true, weight: 90 },
      ],
    },
    { type: 'trueFalse', prompt: '', answer: true },
    { type: 'shortAnswer', prompt: '', answers: [{ text: '*a*' }] },
    { type: 'numeric', prompt: '', answers: [{ value: 1e300, tolerance: 1e299 }] },
  ].map(question);
  const answer: fc.Arbitrary<Answer> = fc.oneof(
    fc.array(fc.constantFrom('a', 'b', 'c')).map((ids): Answer => ({ kind: 'options', ids })),
    fc.boolean().map((value): Answer => ({ kind: 'boolean', value })),
    fc.string({ unit: 'binary', maxLength: 50 }).map((value): Answer => ({ kind: 'text', value })),
  );
  fc.assert(
    fc.property(fc.constantFrom(...questions), answer, (one, given) => {
      const { score } = grade(one, given);
      assert.ok(score >= 0 && score <= one.points);
    }),
    { numRuns: 1000 },
  );
});
