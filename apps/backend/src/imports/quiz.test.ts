import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseGift } from '@preau/elearning/gift';
import { PackageError } from '@preau/elearning/zip';
import { readQuestions } from './quiz.ts';

const FOLDER = '/work/shared/content/gift';

test('every question of the reference files is taken as the contract has it, or named in the report', {
  skip: existsSync(FOLDER) ? false : `${FOLDER} is not here`,
}, () => {
  for (const name of readdirSync(FOLDER).filter((file) => file.endsWith('.gift'))) {
    const bytes = readFileSync(`${FOLDER}/${name}`);
    const asked = parseGift(name, bytes.toString()).items.filter(
      ({ question }) => question.type !== 'Category',
    );
    const { questions, notes } = readQuestions(name, bytes);
    const left = notes.filter(({ what }) => what === 'question.unsupported');
    assert.equal(questions.length + left.length, asked.length, name);
    assert.ok(
      notes.every(({ what }) => what !== 'question.invalid'),
      `${name}: ${JSON.stringify(notes)}`,
    );
  }
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
