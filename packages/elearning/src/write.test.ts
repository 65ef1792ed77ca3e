import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as build from './build.ts';
import { type Question, questionsOf } from './gift/questions.ts';
import { parseGift } from './gift.ts';
import { readMarkdown } from './markdown.ts';
import { type BlockNode, richTextOf, textFormat } from './richText.ts';
import { writeGift } from './writeGift.ts';
import { writeMarkdown } from './writeMarkdown.ts';

const ASSET = '0198c0de-0000-7000-8000-000000000001';
const addresses = {
  image: (id: string) => (id === ASSET ? 'images/cour.png' : null),
  link: (url: string) => (url.startsWith('/activities/') ? null : url),
};
const resolver = { image: (address: string) => address, file: () => null };
const { text, paragraph, heading } = build;

/** Written and read again; pictures have the package's address then. */
function again(blocks: BlockNode[]): BlockNode[] {
  const written = writeMarkdown(richTextOf(blocks), addresses);
  return readMarkdown('lesson.md', written, resolver).pieces.map(({ block }) => block);
}
const same = (...blocks: BlockNode[]) => assert.deepEqual(again(blocks), blocks);

describe('Markdown that was written is read as it was', () => {
  test('texts and their formats', () => {
    const { bold, italic, strikethrough, underline, code, subscript, superscript, highlight } = textFormat;
    same(
      heading(2, [text('Titre')]),
      paragraph([
        text('Simple, '),
        text('gras', bold),
        text(' et '),
        text('les deux', bold | italic),
        text(', '),
        text('rayé', strikethrough),
        text(', '),
        text('souligné', underline),
        text(', H'),
        text('2', subscript),
        text('O, m'),
        text('2', superscript),
        text(', '),
        text('surligné', highlight),
        text(', '),
        text('a*b', code),
        text('.'),
      ]),
      heading(3, [text('Plus bas')]),
      paragraph([text('Une ligne'), build.lineBreak(), text('et la suivante')]),
    );
  });
  test('what looks like a sign and is none', () => {
    for (const words of [
      '# pas un titre',
      '- pas une liste',
      '1. pas une liste',
      '> pas une citation',
      '::: note',
      ': une définition',
      '{: .note}',
      '*étoiles* et _tirets_',
      '<script>alert(1)</script>',
      '[lien](adresse)',
      'a | b',
      '```',
      '---',
      '&amp; &lt;',
      '\\ barre',
      '!',
    ])
      same(paragraph([text(words)]));
  });
  test('lists, nested and checked', () => {
    const { list, listItem } = build;
    same(
      list('bullet', 1, [
        listItem([text('un')]),
        listItem([list('number', 3, [listItem([text('trois')]), listItem([text('quatre')])])]),
        listItem([text('deux')]),
      ]),
      list('check', 1, [listItem([text('fait')], true), listItem([text('à faire')], false)]),
    );
  });
  test('code, quotations, lines, films and links', () => {
    same(
      build.code('a = 1\n\n```\nb', 'python'),
      build.quote([text('Une.'), build.lineBreak(), build.lineBreak(), text('Deux.')]),
      build.horizontalRule(),
      build.embed('youtube', 'https://www.youtube.com/watch?v=aqz-KE-bpKQ', ''),
      paragraph([text('Voir '), build.link('https://exemple.test/a?b=(c)', [text('le site')]), text('.')]),
    );
  });
  test('callouts, with titles, folded and within each other', () => {
    const inner = build.callout('solution', '', [paragraph([text('Voici.')])], true);
    same(
      build.callout('note', 'À savoir', [
        paragraph([text('Un.')]),
        build.list('bullet', 1, [build.listItem([text('a')])]),
      ]),
      build.callout('exercise', '', [paragraph([text('Essayez.')]), inner]),
      build.callout('tip', 'Indice', [paragraph([text('…')])], true),
    );
  });
  test('tables', () => {
    same(
      build.table([
        [[paragraph([text('A')])], [paragraph([text('B')])]],
        [[paragraph([text('1 | 2')])], [paragraph([text('3')])]],
      ]),
    );
  });
  test('a picture keeps its words; a link to what is not there keeps its own', () => {
    const [picture] = again([build.image({ assetId: ASSET }, { alt: 'Une cour', caption: 'Le "soir"' })]);
    assert.deepEqual(
      picture,
      build.image({ src: 'package:images/cour.png' }, { alt: 'Une cour', caption: 'Le "soir"' }),
    );
    assert.deepEqual(again([paragraph([build.link('/activities/x', [text('la suite')])])]), [
      paragraph([text('la suite')]),
    ]);
  });
});

test('GIFT that was written is read as it was', () => {
  const common = { points: 1, feedback: '' };
  const option = (id: string, words: string, correct: boolean, weight: number | null = null, told = '') => ({
    id,
    text: words,
    correct,
    weight,
    feedback: told,
  });
  const questions: Question[] = [
    {
      ...common,
      type: 'single',
      prompt: 'Que vaut `a = {1}` ?\n\n- un\n- deux : ~ #',
      options: [option('o1', '= 1', true, null, 'Oui : bravo'), option('o2', '{2}', false)],
    },
    {
      ...common,
      type: 'multiple',
      feedback: 'Général',
      prompt: 'Lesquels ?',
      options: [
        option('o1', 'a', true, 50),
        option('o2', 'b', true, 50),
        option('o3', 'c', false, -100, 'Non'),
      ],
    },
    {
      ...common,
      type: 'multiple',
      prompt: 'Sans poids ?',
      options: [option('o1', 'a', true), option('o2', 'b', true), option('o3', 'c', false)],
    },
    {
      ...common,
      type: 'trueFalse',
      prompt: 'Vrai ?',
      answer: false,
      feedbackTrue: 'Eh non',
      feedbackFalse: 'Oui',
    },
    {
      ...common,
      type: 'shortAnswer',
      prompt: 'Capitale ?',
      caseSensitive: false,
      answers: [
        { text: 'Paris', percent: 100, feedback: '' },
        { text: 'Lutèce', percent: 50, feedback: 'Jadis' },
      ],
    },
    {
      ...common,
      type: 'numeric',
      prompt: 'Pi ?',
      unit: '',
      answers: [
        { value: 3.14, tolerance: 0.01, percent: 100, feedback: '' },
        { value: 3, tolerance: 0, percent: 25, feedback: 'À peu près' },
      ],
    },
  ];
  const read = questionsOf('quiz.gift', parseGift('quiz.gift', writeGift('Un / deux', questions)));
  assert.deepEqual(read.notes, []);
  assert.equal(read.title, 'Un - deux');
  assert.deepEqual(
    read.questions.map(({ question }) => question),
    questions,
  );
});
