import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMarkdown } from './markdown.ts';
import { type BlockNode, type RichTextNode, richTextOf, validateRichText } from './richText.ts';

const read = (markdown: string) =>
  readMarkdown('a.md', markdown, {
    image: (address) => (address.startsWith('fig/') ? address : null),
    file: (address) => (address.endsWith('.md') ? address : null),
  });

/** A document in a few letters: `callout:note:folded[Title](paragraph(text))`. */
function sketch(nodes: readonly (BlockNode | RichTextNode)[]): string {
  return nodes
    .map((node): string => {
      switch (node.type) {
        case 'text':
          return node.format ? `<${node.format}>${node.text}</>` : node.text;
        case 'linebreak':
          return '|';
        case 'image':
          return `image(${node.src};${node.alt};${node.caption})`;
        case 'embed':
          return `embed(${node.url})`;
        case 'callout':
          return `${node.tone}${node.folded ? ':folded' : ''}[${node.title}](${sketch(node.children)})`;
        case 'heading':
          return `${node.tag}(${sketch(node.children)})`;
        case 'list':
          return `${node.listType}(${sketch(node.children)})`;
        case 'listitem':
          return `${typeof node.checked === 'boolean' ? `${node.checked}:` : ''}li(${sketch(node.children)})`;
        case 'code':
          return `code:${node.language}(${sketch(node.children)})`;
        case 'link':
          return `link(${node.url};${sketch(node.children)})`;
        case 'paragraph':
          return `p(${sketch(node.children)})`;
        default:
          return 'children' in node ? `${node.type}(${sketch(node.children)})` : node.type;
      }
    })
    .join('');
}
const drawn = (markdown: string) => sketch(read(markdown).pieces.map(({ block }) => block));
const noted = (markdown: string) => read(markdown).notes.map(({ what, line }) => `${what}@${line}`);

test('GFM: formats, links, lists in lists, tasks, tables, code, quotes', () => {
  assert.equal(drawn('a **b _c_** ~~d~~ `e`\nf  \ng'), 'p(a <1>b </><3>c</> <4>d</> <16>e</> f|g)');
  assert.equal(
    drawn('[a][b] <https://x.test>\n\n[b]: https://y.test "t"'),
    'p(link(https://y.test;a) link(https://x.test;https://x.test))',
  );
  assert.equal(
    drawn('1. a\n   - b\n\n     c\n2. d\n   ```bash\n   ls\n\n   pwd\n   ```'),
    'number(li(a)li(bullet(li(b||c)))li(dcode:bash(ls||pwd)))',
  );
  assert.equal(drawn('- [x] a\n- [ ] b'), 'check(true:li(a)false:li(b))');
  assert.equal(
    drawn('| a | b |\n|---|:-:|\n| 1 | ![x](fig/x.png) |'),
    'table(tablerow(tablecell(p(a))tablecell(p(b)))tablerow(tablecell(p(1))tablecell(image(package:fig/x.png;x;))))',
  );
  assert.equal(drawn('> a\n>\n> b'), 'quote(a||b)');
  assert.equal(drawn('> [!WARNING]\n> Careful'), 'warning[](p(Careful))');
});

test('fenced divs nest; the first heading is the title; unbalanced ones are mended and noted', () => {
  assert.equal(
    drawn(
      ':::: challenge\n\n## Do `it`\n\ntext\n\n::: solution\n\n## Solution\n\n42\n\n:::\n\n::::\n\nafter',
    ),
    'exercise[Do it](p(text)solution:folded[Solution](p(42)))p(after)',
  );
  assert.equal(drawn('::::::::: callout\ntext\n:::::::::\nafter'), 'note[](p(text))p(after)');
  assert.equal(drawn(':::tip My title\nx\n:::'), 'tip[My title](p(x))');
  assert.equal(drawn('::: {.callout-warning title="T"}\nx\n:::'), 'warning[T](p(x))');
  assert.equal(drawn('```md\n::: challenge\n```'), 'code:md(::: challenge)');
  assert.deepEqual(noted('::: note\nx'), ['block.unclosed@1']);
  assert.deepEqual(noted('x\n\n:::\n'), ['block.unopened@3']);
  assert.deepEqual(noted('::: gizmo\nx\n:::'), ['block.unknown@1']);
  assert.equal(drawn('::: instructor\nsecret\n:::'), '');
});

test('kramdown: languages, classes of quotes', () => {
  assert.equal(drawn('~~~\nls\n~~~\n{: .language-bash}'), 'code:bash(ls)');
  assert.equal(
    drawn('> ## Title\n> text\n>\n> > ## Solution\n> > 42\n> {: .solution}\n{: .challenge}'),
    'exercise[Title](p(text)solution:folded[Solution](p(42)))',
  );
});

test('pictures: attributes, titles, links around them, missing and remote ones', () => {
  assert.equal(
    drawn('![](fig/a.svg){alt=\'A "tree", \\_it\\_ is\' width=50%} end'),
    'image(package:fig/a.svg;A "tree", _it_ is;)p( end)',
  );
  assert.equal(
    drawn('see ![a](fig/a.png "Caption") here'),
    'p(see )image(package:fig/a.png;a;Caption)p( here)',
  );
  assert.equal(drawn('[![a](fig/a.png)](b.md)'), 'image(package:fig/a.png;a;)');
  assert.deepEqual(noted('x\n\n![alt](nope.png)'), ['image.missing@3']);
  assert.equal(drawn('![alt](https://x.test/a.png)'), 'p(link(https://x.test/a.png;alt))');
});

test('links: to files, anchors, nothing, and what is not allowed', () => {
  assert.equal(drawn('[a](b.md#c) [d](#e)'), 'p(link(package:b.md#c;a) link(package:a.md#e;d))');
  assert.deepEqual(noted('[a](gone.txt)\n[b](javascript:alert(1))'), ['link.broken@1', 'link.unsafe@2']);
  assert.equal(drawn('https://youtu.be/dQw4w9WgXcQ'), 'embed(https://www.youtube.com/watch?v=dQw4w9WgXcQ)');
});

test('HTML: formats, keys, details, tables; scripts go, unknown tags leave their words', () => {
  assert.equal(drawn('Press <kbd>Tab</kbd> H<sub>2</sub>O<br>x'), 'p(Press <16>Tab</> H<32>2</>O|x)');
  assert.equal(
    drawn('<details><summary>More</summary>\n\n**x**\n\n</details>'),
    'note:folded[More](p(<1>x</>))',
  );
  assert.equal(drawn('<table><tr><th>a<td>b</table>'), 'table(tablerow(tablecell(p(a))tablecell(p(b))))');
  assert.equal(drawn('<p>a <b>b</b> &eacute;</p>\n<ul><li>c<li>d</ul>'), 'p(a <1>b</> é)bullet(li(c)li(d))');
  assert.equal(drawn('a <script>alert(1)</script> b'), 'p(a  b)');
  assert.deepEqual(noted('<script>\nalert(1)\n</script>'), ['html.active@1']);
  assert.deepEqual(noted('a <blink>b</blink>'), ['html@1']);
  assert.equal(drawn('<!-- a comment -->\n\nx'), 'p(x)');
  assert.equal(drawn('<img src="fig/a.png" alt="a">'), 'image(package:fig/a.png;a;)');
});

test('front matter, anchors of headings and terms, definition lists, footnotes', () => {
  const file = read('---\ntitle: "T"\nteaching: 5\n---\n\n## A b {#ab}\n');
  assert.deepEqual(file.frontMatter, { title: 'T', teaching: 5 });
  assert.equal(file.anchors.get('ab'), 'A b');
  assert.deepEqual(noted('---\na: [\n---\n'), ['frontMatter@1']);
  assert.equal(
    drawn('[path]{#path}\n:   Where a file is.\nSee [x](b.md).'),
    'h3(path)p(Where a file is. See link(package:b.md;x).)',
  );
  assert.equal(drawn('a[^1]\n\n[^1]: note'), 'p(a (note))');
});

test('hostile Markdown ends soon, and what comes out is valid', () => {
  const sources = [
    '>'.repeat(3_000),
    '['.repeat(20_000),
    '*a '.repeat(20_000),
    `${'- '.repeat(500)}x`,
    '<a '.repeat(20_000),
    `![${'{'.repeat(20_000)}`,
    ':'.repeat(100_000),
    '`'.repeat(100_000),
    '|a'.repeat(5_000),
    '&#0;&#xd800;\u0000\u0007',
  ];
  for (const source of sources) {
    const start = performance.now();
    try {
      const { pieces } = read(source);
      validateRichText(richTextOf(pieces.map(({ block }) => block)));
    } catch (error) {
      assert.ok(error instanceof RangeError, String(error));
    }
    assert.ok(performance.now() - start < 10_000, source.slice(0, 20));
  }
});
