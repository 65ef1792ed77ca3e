import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RichText, validateRichText } from '@preau/elearning';
import { renderInline, renderRichText, type Words } from './render.ts';

const words: Words = {
  callouts: {
    note: 'Note',
    tip: 'Conseil',
    warning: 'Attention',
    exercise: 'Exercice',
    solution: 'Solution',
    objectives: 'Objectifs',
    questions: 'Questions',
    keypoints: 'Points clés',
  },
  checked: 'fait',
  unchecked: 'à faire',
  picture: 'Image',
};

function documentOf(...children: unknown[]): RichText {
  const result = validateRichText({ root: { type: 'root', children } });
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}
const text = (value: string, format = 0) => ({ type: 'text', text: value, format });
const paragraph = (...children: unknown[]) => ({ type: 'paragraph', children });
const html = (...children: unknown[]) => renderRichText(documentOf(...children), words);

test('formats nest and texts are escaped', () => {
  assert.equal(
    html(paragraph(text('<script>', 1), text(' & ', 0), text('ls -F', 16))),
    '<p><strong>&lt;script&gt;</strong> &amp; <code>ls -F</code></p>',
  );
});

test('a heading has the anchor that links of the lesson name', () => {
  assert.equal(
    html({ type: 'heading', tag: 'h2', children: [text('Other Hidden Files')] }),
    '<h2 id="other-hidden-files">Other Hidden Files</h2>',
  );
});

test('a nested list stands inside the item before it', () => {
  const nested = {
    type: 'list',
    listType: 'bullet',
    tag: 'ul',
    children: [{ type: 'listitem', children: [text('b')] }],
  };
  assert.equal(
    html({
      type: 'list',
      listType: 'number',
      tag: 'ol',
      start: 3,
      children: [
        { type: 'listitem', children: [text('a')] },
        { type: 'listitem', children: [nested] },
      ],
    }),
    '<ol start="3"><li>a<ul><li>b</li></ul></li></ol>',
  );
});

test('links away open apart, hostile ones are plain text', () => {
  const away = { type: 'link', url: 'https://example.org/?a=1&b="', children: [text('x')] };
  assert.match(
    html(paragraph(away)),
    /^<p><a href="https:\/\/example\.org\/\?a=1&amp;b=&quot;" rel="[^"]+" target="_blank">x<\/a><\/p>$/,
  );
  const hostile = documentOf(paragraph(away));
  const [first] = hostile.root.children;
  assert.ok(first?.type === 'paragraph' && first.children[0]?.type === 'link');
  first.children[0].url = 'javascript:alert(1)';
  assert.equal(renderRichText(hostile, words), '<p>x</p>');
});

test('pictures come from this platform only', () => {
  const assetId = '0198a1b2-0000-7000-8000-000000000001';
  assert.equal(
    html({ type: 'image', assetId, alt: '"a"', width: 10.4, height: 20, caption: '' }),
    `<figure><img src="/assets/${assetId}?w=960" srcset="/assets/${assetId}?w=480 480w, /assets/${assetId}?w=960 960w, /assets/${assetId}?w=1600 1600w" sizes="(min-width: 54rem) 10px, 92vw" alt="&quot;a&quot;" width="10" height="20" loading="lazy" decoding="async"></figure>`,
  );
  assert.match(html({ type: 'image', src: 'https://example.org/a.png', alt: 'A' }), /^<figure><a href=/);
});

test('a folded callout is a details element, films keep to the frames the policy allows', () => {
  assert.equal(
    html({ type: 'callout', tone: 'solution', folded: true, children: [paragraph(text('42'))] }),
    '<details class="callout callout-solution"><summary class="callout-title">Solution</summary><p>42</p></details>',
  );
  assert.match(
    html({ type: 'embed', provider: 'youtube', url: 'https://www.youtube.com/watch?v=abcdefghijk' }),
    /src="https:\/\/www\.youtube-nocookie\.com\/embed\/abcdefghijk"/,
  );
});

test('a choice is shown without its paragraph', () => {
  assert.equal(renderInline(documentOf(paragraph(text('pwd', 16))), words), '<code>pwd</code>');
});
