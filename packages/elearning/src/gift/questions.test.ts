import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseGift } from '../gift.ts';
import { questionsOf } from './questions.ts';

const read = (source: string) => questionsOf('q.gift', parseGift('q.gift', source));
const only = (source: string) => {
  const { questions, notes } = read(source);
  assert.deepEqual(notes, []);
  const [first] = questions;
  assert.ok(first && questions.length === 1);
  return first.question;
};

test('single and multiple choice by their weights', () => {
  const single = only('Who?{~Grant ~%50%Lee =no one#Yes}');
  assert.ok(single.type === 'single');
  assert.deepEqual(
    single.options.map(({ correct, weight, feedback }) => [correct, weight, feedback]),
    [
      [false, 0, ''],
      [false, 50, ''],
      [true, 100, 'Yes'],
    ],
  );
  const multiple = only('Two?{~%50%a ~%50%b ~%-100%c}');
  assert.ok(multiple.type === 'multiple');
  assert.deepEqual(
    multiple.options.map(({ correct }) => correct),
    [true, true, false],
  );
  assert.equal(only('Seasons{=spring =summer ~easter}').type, 'multiple');
});

test('true and false, short, numeric', () => {
  assert.deepEqual(only('Sun?{T#yes#no####all}'), {
    type: 'trueFalse',
    prompt: 'Sun?',
    points: 1,
    feedback: 'all',
    answer: true,
    feedbackTrue: 'yes',
    feedbackFalse: 'no',
  });
  const short = only('Animal?{=Frog =%50%Cat#Why?}');
  assert.ok(short.type === 'shortAnswer');
  assert.deepEqual(short.answers[1], { text: 'Cat', percent: 50, feedback: 'Why?' });
  const bounds = only('How many?{#3.5..4.25}');
  assert.ok(bounds.type === 'numeric');
  assert.deepEqual(bounds.answers, [{ value: 3.875, tolerance: 0.375, percent: 100, feedback: '' }]);
});

test('HTML becomes Markdown, and Markdown’s own letters stay letters', () => {
  const question = only(
    '[html]<p>The <b>sun</b> &amp; a_b*c</p><ul><li><a href="https\\://a.test">one</a></li></ul>{=x}',
  );
  assert.equal(question.prompt, 'The **sun** & a\\_b\\*c\n\n- [one](<https://a.test>)');
  assert.equal(only('[markdown]The _sun_{=x}').prompt, 'The _sun_');
});

test('what the platform does not have is named, never lost silently', () => {
  const { questions, notes } = read(
    'Tell.{}\n\nMatch.{=a->b =c->d}\n\nJust text.\n\nBad{~a ~b}\n\n[html]<img src=x alt=tree>{T}',
  );
  assert.deepEqual(
    notes.map(({ line, what }) => [line, what]),
    [
      [1, 'question.essay'],
      [3, 'question.matching'],
      [5, 'question.description'],
      [7, 'question.invalid'],
      [9, 'html.active'],
    ],
  );
  assert.equal(questions[0]?.question.prompt, 'tree');
});

test('answers inside a sentence leave a gap, which the report names with its line', () => {
  const { questions, notes } = read('One?{T}\n\nMount {=Blanc ~Ventoux} is high.\n\n{=Asia} is large.');
  assert.deepEqual(
    questions.map(({ question }) => [question.type, question.prompt]),
    [
      ['trueFalse', 'One?'],
      ['single', 'Mount \\_\\_\\_\\_\\_ is high.'],
      ['shortAnswer', '\\_\\_\\_\\_\\_ is large.'],
    ],
  );
  assert.deepEqual(
    notes.map(({ level, line, what }) => [level, line, what]),
    [
      ['info', 3, 'question.gap'],
      ['info', 5, 'question.gap'],
    ],
  );
});
