import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseGift } from '@preau/elearning/gift';
import { PackageError } from '@preau/elearning/zip';
import { readQuestions } from './quiz.ts';
import { noteText } from './words.ts';

const FOLDER = '/work/shared/content/gift';
/** Kinds of question that the platform does not have. */
const LEFT_OUT = ['essay', 'matching', 'description'];

test('every question of the reference files is taken as the contract has it, or named in the report', {
  skip: existsSync(FOLDER) ? false : `${FOLDER} is not here`,
}, () => {
  const seen = new Set<string>();
  for (const name of readdirSync(FOLDER).filter((file) => file.endsWith('.gift'))) {
    const bytes = readFileSync(`${FOLDER}/${name}`);
    const items = parseGift(name, bytes.toString()).items;
    const asked = items.flatMap(({ question, line }) =>
      question.type === 'Category' ? [] : [{ question, line }],
    );
    const { questions, notes } = readQuestions(name, bytes);
    assert.ok(
      notes.every(({ what }) => what !== 'question.invalid'),
      `${name}: ${JSON.stringify(notes)}`,
    );
    const expected = asked.flatMap(({ question, line }) => {
      const kind = question.type.toLowerCase();
      if (LEFT_OUT.includes(kind)) return [[line, `question.${kind}`]];
      return question.hasEmbeddedAnswers ? [[line, 'question.gap']] : [];
    });
    assert.deepEqual(
      notes.flatMap(({ line, what }) => (/essay|matching|description|gap/.test(what) ? [[line, what]] : [])),
      expected,
      name,
    );
    const left = asked.filter(({ question }) => LEFT_OUT.includes(question.type.toLowerCase()));
    assert.equal(questions.length, asked.length - left.length, name);
    for (const { question } of left) seen.add(question.type);
  }
  assert.deepEqual([...seen].sort(), ['Description', 'Essay', 'Matching']);
});

test('the report says in the reader’s language what kind of question was left out', () => {
  assert.match(noteText('question.essay', 'fr'), /^Question à réponse libre/);
  assert.match(noteText('question.matching', 'en'), /^Matching question/);
  assert.match(noteText('question.description', 'fr'), /^Texte sans question/);
  assert.match(noteText('question.gap', 'en'), /^Missing word: imported/);
});

test('what is no GIFT is refused', () => {
  const refused = (bytes: Uint8Array, fault: string) =>
    assert.throws(
      () => readQuestions('x.gift', bytes),
      (error) => error instanceof PackageError && error.fault === fault,
    );
  refused(new Uint8Array(), 'gift.empty');
  refused(Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0), 'gift.unreadable');
  refused(new Uint8Array(6_000_000).fill(0x20), 'gift.tooLarge');
});

test('files of older platforms, in Windows’ Western letters', () => {
  const { questions } = readQuestions(
    'x.gift',
    Uint8Array.from(Buffer.from('\u00c9t\u00e9 ?{=\u00e9t\u00e9}', 'latin1')),
  );
  assert.equal(questions[0]?.prompt, 'Été ?');
});
