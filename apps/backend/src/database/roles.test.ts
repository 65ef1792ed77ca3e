import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import pg from 'pg';
import { testServer } from '../../../../tools/testDatabase.ts';
import { findGaps } from './isolation.ts';
import { migrate } from './migrate.ts';
import { bootstrapRoles } from './roles.ts';

/** A hosted PostgreSQL gives no superuser: only somebody who may create roles and databases. */
test('an administrator who is no superuser can prepare everything, again and again', async () => {
  const superuserUrl = await testServer();
  const name = `hosted_${randomBytes(6).toString('hex')}`;
  const superuser = new pg.Client(superuserUrl);
  await superuser.connect();
  try {
    await superuser.query(`CREATE ROLE ${name} LOGIN CREATEROLE CREATEDB PASSWORD 'hosted'`);
    // The roles exist already on this server; where the administrator made them, they come with this option.
    for (const role of ['owner', 'platform', 'tenant', 'backup', 'jobs', 'operator', 'sandbox']) {
      await superuser.query(`GRANT preau_${role} TO ${name} WITH ADMIN OPTION`);
    }
    const url = new URL(superuserUrl);
    url.username = name;
    url.password = 'hosted';
    const options = { superuserUrl: url.href, database: name, passwordSecret: 'test' };
    await bootstrapRoles(options);
    const { ownerUrl } = await bootstrapRoles(options);
    await migrate(ownerUrl, () => {});
    await migrate(ownerUrl, () => {});
    const owner = new pg.Client(ownerUrl);
    await owner.connect();
    assert.deepEqual(await findGaps(owner), []);
    await owner.end();
  } finally {
    await superuser.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await superuser.query(`DROP OWNED BY ${name}`);
    await superuser.query(`DROP ROLE IF EXISTS ${name}`);
    await superuser.end();
  }
});
