import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type TestDatabase, testDatabase } from '../../../../tools/testDatabase.ts';
import { findGaps, isolate } from './isolation.ts';

let database: TestDatabase;
let owner: pg.Client;

before(async () => {
  database = await testDatabase();
  owner = new pg.Client(database.ownerUrl);
  await owner.connect();
});
after(async () => {
  await owner?.end();
  await database?.drop();
});

test('no table of the migrated schema lets one tenant reach another', async () => {
  assert.deepEqual(await findGaps(owner), []);
});

describe('the catalogue check notices', () => {
  const damages: [string, string, RegExp][] = [
    ['a table that nobody declared', 'CREATE TABLE stray (id uuid)', /stray: declared by no collection/],
    ['a view', 'CREATE VIEW all_users AS SELECT * FROM users', /all_users: .*view/],
    ['security switched off', 'ALTER TABLE courses DISABLE ROW LEVEL SECURITY', /courses: .* is off/],
    ['security not forced', 'ALTER TABLE courses NO FORCE ROW LEVEL SECURITY', /courses: .* not forced/],
    ['a policy dropped', 'DROP POLICY tenant ON courses', /courses: has no tenant policy/],
    [
      'a second, permissive policy',
      'CREATE POLICY more ON courses TO preau_tenant USING (true)',
      /courses: unknown policy more/,
    ],
    [
      'a policy for everybody',
      'DROP POLICY tenant ON courses; CREATE POLICY tenant ON courses USING (true)',
      /courses: unknown policy tenant for PUBLIC/,
    ],
    [
      'a policy that forgets the tenant',
      'ALTER POLICY tenant ON courses USING (true)',
      /courses: its policy is true/,
    ],
    ['a grant too many', 'GRANT SELECT ON accounts TO preau_tenant', /accounts: preau_tenant may SELECT/],
    ['a grant to everybody', 'GRANT SELECT ON users TO PUBLIC', /users: PUBLIC may SELECT/],
    [
      'a platform that reads tenants',
      'GRANT SELECT ON users TO preau_platform',
      /users: preau_platform may SELECT/,
    ],
    [
      'a foreign key without the tenant',
      'ALTER TABLE modules ADD CONSTRAINT plain FOREIGN KEY (version_id) REFERENCES course_versions (id)',
      /modules: plain does not carry the tenant/,
    ],
    [
      'a foreign key out of the tenant',
      'ALTER TABLE users ADD COLUMN account_id uuid REFERENCES accounts (id)',
      /users: users_account_id_fkey points out of the tenant/,
    ],
    [
      'a unique key across tenants',
      'CREATE UNIQUE INDEX global_slug ON courses (slug)',
      /courses: unique key global_slug/,
    ],
    [
      'an index across tenants',
      'CREATE INDEX all_titles ON courses (title)',
      /courses: index all_titles does not lead/,
    ],
    [
      'a function with its owner’s rights',
      `CREATE FUNCTION peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM users'`,
      /function peek/,
    ],
    [
      'a log that can be changed again',
      'GRANT UPDATE ON audit_entries TO preau_tenant',
      /audit_entries: preau_tenant may UPDATE/,
    ],
    [
      'a log that can be deleted again',
      'GRANT DELETE ON platform_audit_entries TO preau_platform',
      /platform_audit_entries: preau_platform may DELETE/,
    ],
    [
      'a log of which one column can be changed',
      'GRANT UPDATE (details) ON audit_entries TO preau_tenant',
      /audit_entries: preau_tenant may UPDATE/,
    ],
    [
      'a log that can be emptied',
      'GRANT TRUNCATE ON audit_entries TO preau_operator',
      /audit_entries: preau_operator may TRUNCATE/,
    ],
    [
      'a log whose guard is gone',
      'DROP TRIGGER no_change ON audit_entries',
      /audit_entries: trigger no_change is missing/,
    ],
    [
      'a log whose guard sleeps',
      'ALTER TABLE platform_audit_entries DISABLE TRIGGER no_change',
      /platform_audit_entries: trigger no_change is not always on/,
    ],
    [
      'a log whose guard looks elsewhere',
      `CREATE OR REPLACE TRIGGER no_change BEFORE UPDATE ON audit_entries FOR EACH ROW EXECUTE FUNCTION audit_link();
       ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER no_change`,
      /audit_entries: trigger no_change is CREATE/,
    ],
  ];
  for (const [name, damage, expected] of damages) {
    test(name, async () => {
      await owner.query('BEGIN');
      await owner.query(damage);
      assert.match((await findGaps(owner)).join('\n'), expected);
      await owner.query('ROLLBACK');
    });
  }
});

test('the next start repairs what was damaged, and refuses what it cannot place', async () => {
  await owner.query(
    'DROP POLICY tenant ON courses; GRANT SELECT ON accounts TO preau_tenant; CREATE INDEX titles ON courses (title)',
  );
  await isolate(owner);
  assert.deepEqual(await findGaps(owner), []);
  await owner.query('DROP INDEX titles');
  await owner.query('CREATE TABLE stray (id uuid)');
  await assert.rejects(isolate(owner), /stray/);
  await owner.query('DROP TABLE stray');
});

test('a start waits for nobody where nothing is to be done, and nobody for it where something is', async () => {
  const reader = new pg.Client(database.tenantUrl);
  await reader.connect();
  await reader.query('BEGIN');
  await reader.query('SELECT id FROM modules');
  await isolate(owner);
  await reader.query('COMMIT');

  await owner.query('DROP POLICY tenant ON modules; ALTER TABLE courses NO FORCE ROW LEVEL SECURITY');
  await reader.query('BEGIN');
  await reader.query('SELECT id FROM modules');
  let done = false;
  const repaired = isolate(owner).then(() => {
    done = true;
  });
  // It has given up, and holds on to nothing, before anybody could have seen a deadlock.
  for (let visit = 0; visit < 5; visit++) {
    await reader.query('SELECT id FROM courses');
    await sleep(100);
  }
  assert.equal(done, false);
  await reader.query('COMMIT');
  await repaired;
  await reader.end();
  assert.deepEqual(await findGaps(owner), []);
});

test('the serving roles can do nothing else', async () => {
  const denied = async (url: string, statement: string) => {
    const client = new pg.Client(url);
    await client.connect();
    await assert.rejects(client.query(statement), /permission denied|must be owner/, statement);
    await client.end();
  };
  await denied(database.tenantUrl, 'SELECT * FROM accounts');
  await denied(database.tenantUrl, 'SELECT * FROM mails');
  await denied(database.tenantUrl, 'UPDATE tenants SET name = name');
  await denied(database.tenantUrl, 'SELECT * FROM payload_migrations');
  await denied(database.tenantUrl, 'CREATE TABLE mine (id int)');
  await denied(database.tenantUrl, 'ALTER TABLE courses DISABLE ROW LEVEL SECURITY');
  await denied(database.tenantUrl, 'SET ROLE preau_owner');
  await denied(database.tenantUrl, 'TRUNCATE courses');
  await denied(database.platformUrl, 'SELECT * FROM users');
  await denied(database.platformUrl, 'SET ROLE preau_tenant');
});
