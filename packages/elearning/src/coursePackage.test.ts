import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strToU8, zipSync } from 'fflate';
import { readCoursePackage, settle } from './coursePackage.ts';
import { nodesOf } from './reading.ts';
import { PackageError } from './zip.ts';

const read = (files: Record<string, string>, fileName = 'cours.zip') =>
  readCoursePackage(
    zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)]))),
    {
      fileName,
    },
  );
const outline = (files: Record<string, string>) =>
  read(files).modules.map(({ title, lessons }) => [title, lessons.map((lesson) => lesson.title)]);
const named = (title: string) => `---\ntitle: ${title}\n---\ntext\n`;

test('folders are modules, numbers order them, index pages name them', () => {
  assert.deepEqual(
    outline({
      'c/10-fin/a.md': '# Z\n\nx',
      'c/2-debut/index.md': '---\ntitle: Le début\ndescription: En bref\n---\n',
      'c/2-debut/10_dix.md': 'x',
      'c/2-debut/9_neuf.md': 'x',
      'c/intro.md': named('Intro'),
      'c/README.md': '# Mon cours\n\nPrésentation.',
      'c/__MACOSX/x.md': 'x',
    }),
    [
      ['Mon cours', ['Intro']],
      ['Le début', ['Neuf', 'Dix']],
      ['Fin', ['Z']],
    ],
  );
});

test('files side by side: by front matter, by their parts, or as lessons of one module', () => {
  assert.deepEqual(
    outline({ 'b.md': '---\nmodule: M\norder: 1\n---\nx', 'a.md': '---\nmodule: M\norder: 2\n---\nx' }),
    [['M', ['B', 'A']]],
  );
  assert.deepEqual(outline({ '1-a.md': '# A\n\nintro\n\n## B\n\nx', '2-c.md': '# C\n\nx' }), [
    ['A', ['A', 'B']],
    ['C', ['C']],
  ]);
  assert.deepEqual(outline({ '1.md': named('A'), '2.md': named('B') }), [['Cours', ['A', 'B']]]);
});

test('one file: its headings are modules and lessons', () => {
  assert.deepEqual(outline({ 'a.md': '# Cours\n\n## M1\n\n### L1\n\nx\n\n### L2\n\nx\n\n## M2\n\nx' }), [
    ['M1', ['L1', 'L2']],
    ['M2', ['M2']],
  ]);
  assert.deepEqual(outline({ 'a.md': '# M1\n\n## L1\n\n# M2\n\nx' }), [
    ['M1', ['L1']],
    ['M2', ['M2']],
  ]);
});

test('a Carpentries lesson: episodes in order, their minutes, what they announce', () => {
  const course = read({
    'config.yaml': "title: 'Shell'\nlicense: 'CC-BY 4.0'\nlang: en\nepisodes:\n- b.md\n- a.md\n- gone.md\n",
    'index.md': 'About it.\n\n::: prereq\n\n## Prerequisites\n\nA computer.\n\n:::\n',
    'episodes/a.md':
      '---\ntitle: A\nteaching: 20\nexercises: 10\n---\n\n::: questions\n- Why?\n:::\n\n## One\n\nx\n\n#### Deep\n\n## Two\n\n[b](b.md#deep), [one](#one)\n',
    'episodes/b.md':
      '---\ntitle: B\n---\n::: objectives\n- Know.\n:::\n\nIntro.\n\n### Deep\n\n![](fig/x.png)\n',
    'episodes/fig/x.png': 'x',
    'learners/setup.md': named('Setup'),
    'learners/more.md': named('More'),
  });
  assert.deepEqual(
    course.modules.map(({ title, lessons }) => [title, lessons.map((lesson) => lesson.title)]),
    [
      ['Before you start', ['Setup']],
      ['B', ['B']],
      ['A', ['One', 'Two']],
      ['Resources', ['More']],
    ],
  );
  assert.equal(course.prerequisites, 'A computer.');
  assert.equal(course.summary, 'About it.');
  assert.equal(course.attribution, 'Licence: CC-BY 4.0');
  assert.deepEqual(course.objectives, ['Know.']);
  assert.deepEqual(
    course.report.map(({ what }) => what),
    ['episode.missing'],
  );
  const [one, two] = course.modules[2]?.lessons ?? [];
  assert.ok(one && two);
  assert.equal(one.estimatedMinutes + two.estimatedMinutes, 30);
  const tags = [...nodesOf(one.content)].flatMap((node) => (node.type === 'heading' ? node.tag : []));
  assert.deepEqual(tags, ['h2'], 'no level is skipped');
  const links = [
    ...nodesOf(
      settle(two.content, { lesson: (key) => `/activities/${key}`, image: () => null, file: () => null }),
    ),
  ];
  assert.deepEqual(
    links.flatMap((node) => (node.type === 'link' ? node.url : [])),
    ['/activities/2.1#deep', '/activities/3.1'],
  );
});

test('settling: pictures become assets, or their words', () => {
  const course = read({ 'a.md': '# A\n\n![alt](x.png)', 'x.png': 'x' });
  const content = course.modules[0]?.lessons[0]?.content;
  assert.ok(content);
  assert.deepEqual(
    course.assets.map(({ path, mime, alt }) => [path, mime, alt]),
    [['x.png', 'image/png', 'alt']],
  );
  const asset = { assetId: '0199a0a0-1111-7222-8333-444455556666', width: 3, height: 4 };
  const [image] = settle(content, { lesson: () => null, image: () => asset, file: () => null }).root.children;
  assert.ok(
    image?.type === 'image' && image.assetId === asset.assetId && image.src === null && image.width === 3,
  );
  const [words] = settle(content, { lesson: () => null, image: () => null, file: () => null }).root.children;
  assert.ok(words?.type === 'paragraph');
});

test('files that lessons link to are handed out; what a browser would run is not', () => {
  const course = read({
    'a.md': '[data](data/d.zip) [page](p.html)',
    'data/d.zip': 'PK',
    'p.html': '<script>',
  });
  assert.deepEqual(
    course.attachments.map(({ path, mime }) => [path, mime]),
    [['data/d.zip', 'application/zip']],
  );
  const content = course.modules[0]?.lessons[0]?.content;
  assert.ok(content);
  const settled = settle(content, {
    lesson: () => null,
    image: () => null,
    file: (path) => `/assets/${path.length}`,
  });
  assert.deepEqual(
    [...nodesOf(settled)].flatMap((node) => (node.type === 'link' ? node.url : [])),
    ['/assets/10'],
  );
});

test('attribution: from CITATION, AUTHORS, LICENSE, or front matter', () => {
  const attribution = (files: Record<string, string>) => read({ 'a.md': 'x', ...files }).attribution;
  assert.equal(attribution({}), '');
  assert.equal(attribution({ LICENSE: 'MIT License\n\nCopyright' }), 'Licence : MIT');
  assert.equal(
    attribution({
      'LICENSE.md': 'Attribution 4.0 International, CC BY-SA 4.0',
      AUTHORS: '- Ada\n- Grace <g@x>',
    }),
    'Auteurs : Ada, Grace\nLicence : CC BY-SA 4.0',
  );
  assert.equal(attribution({ CITATION: 'Please cite as:\n\nAda, 2026.' }), 'Ada, 2026.');
});

test('nothing to read is refused', () => {
  assert.throws(
    () => read({ 'a.txt': 'x' }),
    (error) => error instanceof PackageError && error.fault === 'package.empty',
  );
});
