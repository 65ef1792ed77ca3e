/** That docs/security/asvs.md answers every requirement, and names only what is there. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { root } from './paths.ts';

const STATUSES = ['met', 'partly', 'gap', 'n/a'];
const LEVELS = ['1', '2'];

interface Row {
  id: string;
  level: string;
  about: string;
  status: string;
  answer: string;
}

const text = readFileSync(join(root, 'docs/security/asvs.md'), 'utf8');
const rows: Row[] = [...text.matchAll(/^\| (V[\d.]+) \| (.+?) \| (.+?) \| (.+?) \| (.+) \|$/gm)].map(
  ([, id = '', level = '', about = '', status = '', answer = '']) => ({ id, level, about, status, answer }),
);

const standard = z.object({
  Requirements: z.array(
    z.object({
      Items: z.array(z.object({ Items: z.array(z.object({ Shortcode: z.string(), L: z.coerce.string() })) })),
    }),
  ),
});

test('every row has a status, and each requirement one row', () => {
  for (const { id, level, status } of rows) {
    assert.ok(STATUSES.includes(status), `${id}: ${status}`);
    assert.ok(LEVELS.includes(level), `${id}: level ${level}`);
  }
  assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
});

test('the files and tests that a row names are there', () => {
  for (const { id, answer } of rows) {
    let file = '';
    for (const [, path, title] of answer.matchAll(/`([\w./[\]-]+\/[\w./[\]-]+)`|› "([^"]+)"/g)) {
      if (path) {
        file = join(root, path);
        assert.ok(existsSync(file), `${id} names ${path}`);
      } else {
        assert.ok(
          title && readFileSync(file, 'utf8').includes(title),
          `${id}: no test “${title}” in ${file}`,
        );
      }
    }
  }
});

test('the numbers at the top are those of the rows', () => {
  const count = (status: string) => rows.filter((row) => row.status === status).length;
  const said = /^(\d+) are met, (\d+) partly, (\d+) not yet, (\d+) do not apply\.$/m.exec(text)?.slice(1);
  assert.deepEqual(said?.map(Number), STATUSES.map(count));
});

test('no requirement of levels 1 and 2 is without an answer', (t) => {
  const file = join(root, '../shared/content/asvs/asvs-5.0.0.json');
  if (!existsSync(file)) return t.skip(`${file} is not here`);
  const wanted = standard
    .parse(JSON.parse(readFileSync(file, 'utf8')))
    .Requirements.flatMap(({ Items }) => Items.flatMap((section) => section.Items))
    .filter(({ L }) => LEVELS.includes(L));
  assert.deepEqual(
    rows.map(({ id, level }) => `${id} ${level}`),
    wanted.map(({ Shortcode, L }) => `${Shortcode} ${L}`),
  );
});
