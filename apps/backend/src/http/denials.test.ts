import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { createSigner, generateKey } from '@preau/identity';
import { z } from 'zod';
import { openLog } from '../log.ts';
import { type TestBackend, type TestInstance, testBackend } from '../testing/backend.ts';
import { Denials } from './denials.ts';
import { Denial, Problem } from './problem.ts';

const line = z.record(z.string(), z.unknown());

describe('who tries what they may not is in the log, by ids', () => {
  let backend: TestBackend;
  let atelier: TestInstance;
  let learner: { id: string; session: string };
  before(async () => {
    backend = await testBackend();
    atelier = await backend.instance('atelier');
    learner = await atelier.signedIn('learner');
  });
  after(() => backend?.close());

  test('a right that is missing, a foreign token, a session that is none, a call too many', async (t) => {
    const written = t.mock.method(backend.app.log, 'warn');
    const told = () => {
      const lines = written.mock.calls.map(({ arguments: [facts] }) => line.parse(facts));
      written.mock.resetCalls();
      return lines;
    };
    const ask = (headers: Record<string, string>) => fetch(`${backend.url}/v1/people`, { headers });
    const request = { operation: 'listPeople', identity: 'user', method: 'GET', path: '/v1/people' };

    await assert.rejects(
      atelier.client.listPeople({ session: learner.session, query: { search: 'Camille' } }),
    );
    const [refusal, ...others] = told();
    assert.equal(typeof refusal?.requestId, 'string');
    assert.deepEqual(
      [{ ...refusal, requestId: '' }, others],
      [
        {
          event: 'denied',
          type: 'forbidden',
          fault: 'permission',
          ...request,
          caller: 'user',
          id: learner.id,
          tenantId: atelier.tenantId,
          requestId: '',
        },
        [],
      ],
    );

    const forger = createSigner(await generateKey(`instance:${atelier.instanceId}`, atelier.kid), {
      tenant: atelier.tenantId,
      release: '1.0.0',
    });
    const stranger = createSigner(await generateKey('hub', randomUUID()));
    for (const [token, fault] of [
      [await forger.token(), 'signature'],
      [await stranger.token(), 'unknown-key'],
      ['a.b.c', 'malformed'],
    ] as const) {
      const answer = await ask({ authorization: `Bearer ${token}` });
      assert.equal(answer.status, 401);
      const {
        detail,
        reference: _,
        ...problem
      } = z.looseObject({ detail: z.string() }).parse(await answer.json());
      assert.ok(!JSON.stringify([detail, problem]).includes(fault), 'the caller is not told why');
      const [event] = told();
      assert.deepEqual([event?.fault, event?.caller, event?.operation], [fault, 'anonymous', 'listPeople']);
      assert.ok(!JSON.stringify(event).includes(token));
    }

    await ask({ authorization: `Bearer ${await atelier.signer.token()}`, 'preau-session': 'x'.repeat(43) });
    const [ended] = told();
    assert.deepEqual([ended?.fault, ended?.caller, ended?.id], ['session', 'instance', atelier.instanceId]);
    // Nobody who claims to be nobody fills the log.
    await ask({});
    await ask({ authorization: `Bearer ${await atelier.signer.token()}` });
    assert.deepEqual(told(), []);
  });
});

test('of a flood the first lines are written, then how many were not; all are counted', () => {
  const lines: Record<string, unknown>[] = [];
  const log = openLog('info', { write: (text) => void lines.push(line.parse(JSON.parse(text))) });
  let counted = 0;
  const denials = new Denials(log, () => {
    counted += 1;
  });
  const asked = { operation: 'listPeople', identity: 'user' };
  const request = { requestId: randomUUID(), method: 'GET', path: '/v1/people' };
  const forged = new Denial('not-authenticated', { fault: 'signature' });
  for (let i = 0; i < 10_000; i += 1) denials.note(forged, asked, request, 1_000_000);
  const mine = new Denial('forbidden', {
    fault: 'permission',
    caller: { kind: 'instance', tenantId: randomUUID(), instanceId: randomUUID(), release: '1' },
  });
  denials.note(mine, asked, request, 1_000_000);
  denials.note(new Problem('not-found'), asked, request, 1_000_000);
  assert.deepEqual(
    lines.map(({ fault }) => fault),
    [...Array<string>(5).fill('signature'), 'permission'],
    'one who floods does not hide another',
  );
  denials.note(forged, asked, request, 1_010_000);
  assert.deepEqual([lines.at(-2)?.unwritten, lines.at(-1)?.fault, counted], [9_995, 'signature', 10_002]);
});
