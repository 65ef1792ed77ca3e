import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BasePayload } from 'payload';
import { inScope } from './database/scope.ts';
import { openLog } from './log.ts';
import { payloadConfig } from './payload.config.ts';
import { type TestTenants, testTenants } from './testing/tenants.ts';

const CANARY = 'une-valeur-secrète';

describe('the log', () => {
  let tenants: TestTenants;
  let lines = '';
  const log = openLog('info', {
    write(line) {
      lines += line;
    },
  });
  before(async () => {
    tenants = await testTenants();
  });
  after(() => tenants.close());

  async function failureOf(work: () => Promise<unknown>): Promise<Error> {
    const error = await work().then(
      () => assert.fail('nothing failed'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof Error);
    // It quotes: otherwise this test would show nothing.
    const told = [error, error.cause].map((each) => `${String(each)} ${JSON.stringify(each)}`).join();
    assert.match(told, new RegExp(CANARY));
    return error;
  }

  /** As our code and Payload’s do: beside words, without any, and as it is. */
  function logged(error: Error): string {
    lines = '';
    log.error({ err: error }, 'a request failed');
    log.error({ err: error });
    log.error(error);
    log.warn({ err: new Error('not done', { cause: error }) }, 'asking again');
    return lines;
  }

  test('tells why a statement failed, and not what it carried', async () => {
    const { db } = tenants;
    const unfit = logged(await failureOf(() => db.query('SELECT $1::uuid', [CANARY])));
    assert.doesNotMatch(unfit, new RegExp(CANARY));
    assert.match(unfit, /invalid input syntax for type uuid/);
  });

  test('neither where Payload asked for it', async () => {
    const { pool, db } = tenants;
    const payload = await inScope({ kind: 'platform' }, async () =>
      new BasePayload().init({
        config: payloadConfig({ pool, secret: 'x'.repeat(32), log }),
        disableOnInit: true,
      }),
    );
    const error = await failureOf(() =>
      inScope(db.scope, () =>
        payload.db.find({ collection: 'courses', where: { title: { equals: `${CANARY}\u0000` } } }),
      ),
    );
    const told = logged(error);
    assert.doesNotMatch(told, new RegExp(CANARY));
    assert.match(told, /Failed query/);
  });
});
