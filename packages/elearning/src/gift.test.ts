import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseGift } from './gift.ts';

const PAIRS = '/work/shared/content/gift';
const parse = (source: string) => parseGift('test.gift', source).items.map(({ question }) => question);

test('parses each of the reference files as expected', {
  skip: existsSync(PAIRS) ? false : `${PAIRS} is not here`,
}, async (context) => {
  for (const name of readdirSync(PAIRS).filter((file) => file.endsWith('.gift')))
    await context.test(name, () => {
      const expected: unknown = JSON.parse(
        readFileSync(`${PAIRS}/${name.replace('.gift', '.json')}`, 'utf8'),
      );
      const file = parseGift(name, readFileSync(`${PAIRS}/${name}`, 'utf8'));
      assert.deepEqual(file.notes, []);
      assert.deepEqual(
        file.items.map(({ question }) => question),
        expected,
      );
    });
});

test('numbers: signs, decimals, tolerances, bounds, commas', () => {
  const numbers = (inside: string) => {
    const [question] = parse(`?{#${inside}}`);
    return question?.type === 'Numerical' ? question.choices : undefined;
  };
  assert.deepEqual(numbers('.5'), { type: 'simple', number: 0.5 });
  assert.deepEqual(numbers('1.5..2.5'), { type: 'high-low', numberLow: 1.5, numberHigh: 2.5 });
  assert.deepEqual(numbers('1..2'), { type: 'high-low', numberLow: 1, numberHigh: 2 });
  assert.deepEqual(numbers('-3,5:0,25'), { type: 'range', number: -3.5, range: 0.25 });
  assert.equal(numbers('many'), undefined);
});

test('an unclosed brace costs its own question only', () => {
  const file = parseGift('x.gift', 'One?{=a\n\nTwo?{T}\n\nThree}\n\nFour?{F}');
  assert.deepEqual(
    file.items.map(({ question }) => question.type),
    ['TF', 'TF'],
  );
  assert.deepEqual(
    file.notes.map(({ line, what }) => [line, what]),
    [
      [1, 'question.invalid'],
      [5, 'question.invalid'],
    ],
  );
});

test('blank lines inside braces, Windows line ends, a byte order mark', () => {
  const [question] = parse('\ufeff::T::Text\r\n{\r\n=a\r\n\r\n=b\r\n}\r\n');
  assert.ok(question?.type === 'Short');
  assert.equal(question.choices.length, 2);
  assert.equal(question.title, 'T');
});

test('hostile input ends, and soon', () => {
  for (const source of [
    '{'.repeat(200_000),
    '::'.repeat(100_000),
    '{=a\n\n'.repeat(2_000),
    '\\'.repeat(100_001),
    '%'.repeat(99),
  ])
    parseGift('x.gift', source);
});
