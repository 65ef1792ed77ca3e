import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf, answersOf } from './answers.ts';

function formOf(...entries: [string, string][]): FormData {
  const form = new FormData();
  for (const [name, value] of entries) form.append(name, value);
  return form;
}

test('a form becomes answers by question', () => {
  const form = formOf(
    ['options:a', '1'],
    ['options:a', '3'],
    ['boolean:b', 'false'],
    ['text:c', ' 42 '],
    ['text:d', '   '],
    ['attempt', 'x'],
  );
  assert.deepEqual(answersOf(form), {
    a: { kind: 'options', ids: ['1', '3'] },
    b: { kind: 'boolean', value: false },
    c: { kind: 'text', value: ' 42 ' },
  });
});

test('nothing chosen is no answer', () => {
  assert.equal(answerOf(formOf(), 'options', 'a'), null);
  assert.equal(answerOf(formOf(['text:a', '']), 'text', 'a'), null);
});

test('a name that is not ours is no question', () => {
  assert.deepEqual(answersOf(formOf(['options:../x', '1'], ['$ACTION_ID', '2'])), {});
});
