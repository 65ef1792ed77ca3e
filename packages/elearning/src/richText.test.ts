import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectAssetIds, estimateMinutes, headingId, plainText } from './reading.ts';
import { richTextLimits, validateRichText } from './richText.ts';
import { embedOf, isSafeUrl } from './url.ts';

const text = (words: string, format = 0) => ({
  type: 'text',
  version: 1,
  text: words,
  format,
  detail: 0,
  mode: 'normal',
  style: '',
});
const block = (type: string, children: unknown[], more: object = {}) => ({
  type,
  version: 1,
  format: '',
  indent: 0,
  direction: null,
  children,
  ...more,
});
const root = (...children: unknown[]) => ({ root: block('root', children) });
const asset = '0199a0a0-1111-7222-8333-444455556666';

const everything = root(
  block('heading', [text('A title')], { tag: 'h2' }),
  block('paragraph', [
    text('bold', 1),
    { type: 'linebreak', version: 1 },
    block('link', [text('there')], { url: 'https://example.org', rel: null, target: null, title: null }),
  ]),
  block(
    'list',
    [
      block('listitem', [text('one')], { value: 1 }),
      block('listitem', [block('list', [], { listType: 'bullet', start: 1, tag: 'ul' })], { value: 2 }),
    ],
    { listType: 'number', start: 1, tag: 'ol' },
  ),
  block('quote', [text('said')]),
  block('code', [text('ls'), { type: 'linebreak', version: 1 }, text('pwd')], { language: 'bash' }),
  { type: 'image', version: 1, assetId: asset, src: null, alt: 'A tree', caption: '', width: 10, height: 20 },
  block('callout', [block('paragraph', [text('look')])], { tone: 'tip', title: 'Hint', folded: true }),
  block('table', [
    block('tablerow', [
      block('tablecell', [block('paragraph', [text('cell')])], { headerState: 1, colSpan: 1, rowSpan: 1 }),
    ]),
  ]),
  { type: 'horizontalrule', version: 1 },
  {
    type: 'embed',
    version: 1,
    provider: 'youtube',
    url: 'https://www.youtube.com/watch?v=abcdefghijk',
    title: '',
  },
);

function valid(input: unknown) {
  const result = validateRichText(input);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

test('every node passes and passes again unchanged', () => {
  const value = valid(everything);
  assert.deepEqual(valid(value), value);
  assert.deepEqual(collectAssetIds(value), [asset]);
  assert.equal(plainText(value), 'A title\nbold\nthere\none\nsaid\nls\npwd\nA tree\nHint\nlook\ncell');
  assert.equal(estimateMinutes(value), 5);
});

test('unknown properties and styles are dropped, unknown nodes and unsafe addresses refused', () => {
  const value = valid(root(block('paragraph', [{ ...text('x'), style: 'color:red', onclick: 'x' }])));
  const paragraph = value.root.children[0];
  assert.ok(paragraph?.type === 'paragraph');
  assert.deepEqual(paragraph.children, [text('x')]);
  for (const input of [
    null,
    {},
    { root: 1 },
    root({ type: 'script', version: 1 }),
    root(text('inline at the root')),
    root(block('paragraph', [block('link', [text('x')], { url: 'java\tscript:alert(1)' })])),
    root({ type: 'image', version: 1, assetId: null, src: null }),
    root({ type: 'image', version: 1, assetId: null, src: 'data:image/svg+xml,x' }),
    root({ type: 'image', version: 1, assetId: '../../etc/passwd' }),
    root({ type: 'embed', version: 1, provider: 'evil', url: 'https://evil.test' }),
  ])
    assert.ok(!validateRichText(input).ok, JSON.stringify(input));
});

test('documents beyond the limits are refused without recursion', () => {
  let deep: unknown = block('paragraph', []);
  for (let level = 0; level < 50_000; level++) deep = block('callout', [deep], { tone: 'note' });
  assert.deepEqual(validateRichText(root(deep)), {
    ok: false,
    issues: [{ path: 'root', what: 'document.tooDeep' }],
  });
  const long = root(block('paragraph', [text('x'.repeat(richTextLimits.characters + 1))]));
  assert.ok(!validateRichText(long).ok);
});

test('addresses', () => {
  for (const safe of ['https://a.test/x?y#z', 'mailto:a@b.test', 'tel:+331', '/activities/1', '#top', 'a/b'])
    assert.ok(isSafeUrl(safe), safe);
  for (const unsafe of [
    '',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:x',
    'java\nscript:x',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    '//evil.test',
    '/\\evil.test',
  ])
    assert.ok(!isSafeUrl(unsafe), unsafe);
});

test('films', () => {
  assert.deepEqual(embedOf('https://youtu.be/dQw4w9WgXcQ'), {
    provider: 'youtube',
    url: 'https://www.youtube.com/watch?v=dQw4w9WgXcQ',
  });
  assert.equal(embedOf('https://player.vimeo.com/video/123456')?.url, 'https://vimeo.com/123456');
  assert.equal(embedOf('https://youtube.com.evil.test/watch?v=dQw4w9WgXcQ'), null);
});

test('anchors of headings', () => {
  assert.equal(headingId('The `--help` option'), 'the---help-option');
  assert.equal(headingId('Déjà vu ?'), 'déjà-vu');
});
