/** That docs/security/data.md classifies every table, and no table lower than what its columns hold. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { platformCollections } from '../apps/backend/src/collections/platform/index.ts';
import { tenantCollections } from '../apps/backend/src/collections/tenant/index.ts';
import { tableOf } from '../apps/backend/src/database/tables.ts';
import { root } from './paths.ts';

const text = readFileSync(join(root, 'docs/security/data.md'), 'utf8');
const classes = new Map(
  [...text.matchAll(/^\| `([a-z_]+)` \| (\w+) \|/gm)].map(([, table = '', name = '']) => [table, name]),
);
const tables = [...tenantCollections, ...platformCollections].map(({ slug, fields }) => ({
  name: tableOf(slug),
  columns: fields.flatMap((field) => ('name' in field ? [field.name] : [])),
  pointsToPeople: fields.some(
    (field) =>
      field.type === 'relationship' &&
      field.required === true &&
      ['users', 'accounts', 'staff'].some((slug) => [field.relationTo].flat().some((one) => one === slug)),
  ),
}));

test('each table has one class, and no row is of a table that is gone', () => {
  assert.deepEqual([...classes.keys()].sort(), tables.map(({ name }) => name).sort());
  for (const [table, name] of classes)
    assert.ok(['secret', 'personal', 'confidential', 'internal', 'public'].includes(name), table);
});

test('what proves somebody is secret', () => {
  for (const { name, columns } of tables) {
    if (columns.some((column) => /^(tokenHash|codeHash|passwordHash|totpSecret)$/.test(column)))
      assert.equal(classes.get(name), 'secret', name);
  }
});

test('what is about a person is personal at least', () => {
  for (const { name, columns, pointsToPeople } of tables) {
    if (pointsToPeople || columns.some((column) => /^(email|address|holderName|ip)$/.test(column)))
      assert.match(classes.get(name) ?? '', /^(secret|personal)$/, name);
  }
});
