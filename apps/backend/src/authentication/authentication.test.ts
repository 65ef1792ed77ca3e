import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Secret, TOTP } from 'otpauth';
import type { Db } from '../database/db.ts';
import { Problem } from '../http/problem.ts';
import { authenticator, type Twist } from '../testing/authenticator.ts';
import { type TestTenants, testTenants } from '../testing/tenants.ts';
import { createChallenge, finishChallenge, tryChallenge } from './challenge.ts';
import { knownDevice, rememberDevice } from './device.ts';
import {
  assertPasskey,
  beginAssertion,
  beginRegistration,
  keepPasskey,
  PasskeyCopied,
  relyingParty,
  removePasskey,
  verifyRegistration,
} from './passkeys.ts';
import * as realms from './realm.ts';
import { drawRecoveryCodes, storeRecoveryCodes } from './recoveryCodes.ts';
import { beginTotp, confirmTotp, methodsOf, readFactors, removeTotp, requireCode } from './secondFactor.ts';
import {
  confirmSession,
  endSessions,
  listSessions,
  openSession,
  renewSession,
  requireConfirmed,
} from './session.ts';
import { attemptSucceeded, type Lane, startAttempt } from './throttle.ts';

let tenants: TestTenants;
before(async () => {
  tenants = await testTenants();
});
after(() => tenants.close());

const secret = 'a secret for tests only';
const rp = relyingParty('http://acme.localhost:8080', 'Acme');
const refused = (type: string) => (error: unknown) => error instanceof Problem && error.type === type;
const codeOf = (base32: string, steps = 0) =>
  new TOTP({ secret: Secret.fromBase32(base32) }).generate({ timestamp: Date.now() + steps * 30_000 });
const visitor = { address: '203.0.113.9', userAgent: null, device: null, session: null };
let number = 0;

/** The same core for people of the platform and of a tenant. */
const kinds = {
  account: { realm: realms.accounts, db: () => tenants.platform, columns: ['password_hash', '-'] },
  staff: { realm: realms.staff, db: () => tenants.platform, columns: ['password_hash', '-'] },
  user: { realm: realms.users, db: () => tenants.db, columns: ['role', 'learner'] },
} as const;

for (const [kind, { realm, db: open, columns }] of Object.entries(kinds)) {
  describe(kind, () => {
    const db = () => open();
    async function person(): Promise<{ id: string; email: string; name: string }> {
      number += 1;
      const email = `${kind}-${number}@exemple.test`;
      const { id } = await db().one<{ id: string }>(
        `INSERT INTO ${realm.people} (email, name, ${columns[0]}) VALUES ($1, $1, $2) RETURNING id`,
        [email, columns[1]],
      );
      return { id, email, name: email };
    }
    async function withPasskey(counts = true) {
      const somebody = await person();
      const key = authenticator(rp.origin, { counts });
      const options = await beginRegistration(db(), realm, rp, { person: somebody, boundTo: 'session' });
      const response = key.create(options);
      const passkey = await verifyRegistration(db(), realm, rp, {
        personId: somebody.id,
        boundTo: 'session',
        name: 'Téléphone',
        response,
      });
      const passkeyId = await keepPasskey(db(), realm, passkey);
      return { somebody, key, passkeyId };
    }
    const ask = () => beginAssertion(db(), realm, rp, { ceremony: 'sign-in', personId: null, boundTo: null });
    const answer = (response: ReturnType<ReturnType<typeof authenticator>['get']>) =>
      assertPasskey(db(), realm, rp, { ceremony: 'sign-in', personId: null, boundTo: null, response });

    test('a passkey says who it is; each question is answered once', async () => {
      const { somebody, key } = await withPasskey();
      const options = await ask();
      assert.equal(options.allowCredentials, undefined, 'nobody learns which keys there are');
      assert.equal(options.userVerification, 'required');
      const response = key.get(options);
      assert.equal((await answer(response)).personId, somebody.id);
      await assert.rejects(answer(response), refused('passkey-refused'), 'the same answer again');
      const ten = await ask();
      const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => answer(key.get(ten))));
      assert.ok(outcomes.filter(({ status }) => status === 'fulfilled').length <= 1);
    });

    const twists: Record<string, Twist> = {
      'the page of another site': { origin: 'http://evil.test' },
      'a page of a subdomain': { origin: 'http://autre.acme.localhost:8080' },
      'another port': { origin: 'http://acme.localhost:9090' },
      'a key of another site': { rpId: 'localhost' },
      'nobody verified': { verified: false },
      'a question that was never asked': { challenge: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' },
      'another ceremony': { type: 'webauthn.create' },
    };
    for (const [name, twist] of Object.entries(twists)) {
      test(`refused: ${name}`, async () => {
        const { key } = await withPasskey();
        const options = await ask();
        await assert.rejects(answer(key.get(options, twist)), refused('passkey-refused'));
        if (!twist.challenge)
          await assert.rejects(answer(key.get(options)), refused('passkey-refused'), 'its question is spent');
        await answer(key.get(await ask()));
      });
    }

    test('a registration is bound to its session, site and question', async () => {
      const somebody = await person();
      const begin = () => beginRegistration(db(), realm, rp, { person: somebody, boundTo: 'mine' });
      const add = async (
        response: ReturnType<ReturnType<typeof authenticator>['create']>,
        boundTo = 'mine',
      ) =>
        keepPasskey(
          db(),
          realm,
          await verifyRegistration(db(), realm, rp, {
            personId: somebody.id,
            boundTo,
            name: 'Clé',
            response,
          }),
        );
      const key = authenticator(rp.origin);
      await assert.rejects(add(key.create(await begin()), 'another'), refused('passkey-refused'));
      await assert.rejects(
        add(key.create(await begin(), { origin: 'http://evil.test' })),
        refused('passkey-refused'),
      );
      await assert.rejects(add(key.create(await begin(), { rpId: 'evil.test' })), refused('passkey-refused'));
      const options = await begin();
      await add(key.create(options));
      await assert.rejects(
        add(authenticator(rp.origin).create(options)),
        refused('passkey-refused'),
        'its question is spent',
      );
      await assert.rejects(add(key.create(await begin())), refused('passkey-refused'), 'the same key again');
      const other = await beginAssertion(db(), realm, rp, {
        ceremony: 'second-factor',
        personId: somebody.id,
        boundTo: 'challenge',
      });
      await assert.rejects(
        answer(key.get(other)),
        refused('passkey-refused'),
        'a question of another ceremony',
      );
    });

    test('a counter that goes back is a copy; keys that do not count are none', async () => {
      const { key } = await withPasskey();
      await answer(key.get(await ask()));
      key.counter = 0;
      await assert.rejects(answer(key.get(await ask())), (error) => error instanceof PasskeyCopied);
      const { key: cloud } = await withPasskey(false);
      await answer(cloud.get(await ask()));
      await answer(cloud.get(await ask()));
    });

    test('another’s passkey is nobody’s second factor', async () => {
      const { somebody } = await withPasskey();
      const { key: foreign } = await withPasskey();
      const options = await beginAssertion(db(), realm, rp, {
        ceremony: 'second-factor',
        personId: somebody.id,
        boundTo: 'challenge',
      });
      await assert.rejects(
        assertPasskey(db(), realm, rp, {
          ceremony: 'second-factor',
          personId: somebody.id,
          boundTo: 'challenge',
          response: foreign.get(options),
        }),
        refused('passkey-refused'),
      );
    });

    test('a code of the app works once, and not at twenty at once', async () => {
      const { id, email } = await person();
      const { secret: base32 } = await beginTotp(db(), realm, {
        personId: id,
        issuer: rp.name,
        email,
        secret,
        keep: false,
      });
      assert.deepEqual(methodsOf(await readFactors(db(), realm, id)), [], 'not before it is confirmed');
      await assert.rejects(
        requireCode(db(), realm, { personId: id, code: codeOf(base32), device: null, secret }),
        refused('wrong-code'),
      );
      await confirmTotp(db(), realm, { personId: id, code: codeOf(base32, -1), secret });
      assert.deepEqual(methodsOf(await readFactors(db(), realm, id)), ['totp']);
      const code = codeOf(base32);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, () =>
          requireCode(db(), realm, { personId: id, code, device: null, secret }),
        ),
      );
      assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
      await assert.rejects(
        beginTotp(db(), realm, { personId: id, issuer: rp.name, email, secret, keep: false }),
        refused('state-forbids'),
      );
      await db().transaction((tx) => removeTotp(tx, realm, id));
      assert.equal((await readFactors(db(), realm, id)).totp, null);
    });

    test('twenty guesses at once are no more than ten', async () => {
      const { id, email } = await person();
      const { secret: base32 } = await beginTotp(db(), realm, {
        personId: id,
        issuer: rp.name,
        email,
        secret,
        keep: false,
      });
      await confirmTotp(db(), realm, { personId: id, code: codeOf(base32, -1), secret });
      const guesses = await Promise.allSettled(
        Array.from({ length: 20 }, () =>
          requireCode(db(), realm, { personId: id, code: '000000', device: null, secret }),
        ),
      );
      const slowed = guesses.filter(
        (guess) => guess.status === 'rejected' && refused('too-many-attempts')(guess.reason),
      );
      assert.equal(slowed.length, 9, 'ten are free, the eleventh begins the wait');
    });

    test('recovery codes work once each, however they are typed, and leave with the last factor', async () => {
      const { somebody, passkeyId } = await withPasskey();
      const { codes, rows } = await drawRecoveryCodes();
      await db().transaction((tx) => storeRecoveryCodes(tx, realm, somebody.id, rows));
      assert.equal(new Set(codes).size, 10);
      const [first = '', second = ''] = codes;
      const use = (code: string) =>
        requireCode(db(), realm, { personId: somebody.id, code, device: null, secret });
      assert.equal(await use(` ${first.toLowerCase().replaceAll('-', ' ')}`), 'recovery-code');
      await assert.rejects(use(first), refused('wrong-code'));
      const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => use(second)));
      assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
      assert.equal((await readFactors(db(), realm, somebody.id)).recoveryCodes?.left, 8);
      const stored = await db().query<{ hash: string }>(
        `SELECT code_hash AS hash FROM ${realm.recoveryCodes} WHERE ${realm.owner} = $1`,
        [somebody.id],
      );
      for (const { hash } of stored) assert.match(hash, /^\$argon2id\$/);
      await db().transaction((tx) => removePasskey(tx, realm, { personId: somebody.id, passkeyId }));
      assert.equal((await readFactors(db(), realm, somebody.id)).recoveryCodes, null);
    });

    test('a challenge allows five tries and ends once', async () => {
      const { id } = await person();
      const { challenge } = await createChallenge(db(), realm, id);
      const tries = await Promise.allSettled(
        Array.from({ length: 20 }, () => tryChallenge(db(), realm, challenge)),
      );
      assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 5);
      const other = await createChallenge(db(), realm, id);
      const ends = await Promise.allSettled(
        Array.from({ length: 5 }, () => finishChallenge(db(), realm, other.challenge)),
      );
      assert.equal(ends.filter(({ status }) => status === 'fulfilled').length, 1);
    });

    test('sessions are listed, renewed and ended; a confirmation runs out', async () => {
      const { id } = await person();
      const open = (userAgent: string) => openSession(db(), realm, id, { ...visitor, userAgent });
      await open(
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
      );
      await open(
        'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
      );
      const [any] = await listSessions(db(), realm, id, id);
      assert.ok(any);
      const listed = await listSessions(db(), realm, id, any.id);
      assert.deepEqual(listed.map(({ browser, system, form }) => [browser, system, form]).sort(), [
        ['Chrome', 'Windows', 'computer'],
        ['Safari', 'iOS', 'phone'],
      ]);
      assert.equal(listed[0]?.current, true);
      await renewSession(db(), realm, id, any.id);
      assert.equal((await listSessions(db(), realm, id, any.id)).length, 1);
      await requireConfirmed(db(), realm, any.id);
      await db().query(
        `UPDATE ${realm.sessions} SET confirmed_at = now() - interval '11 minutes' WHERE id = $1`,
        [any.id],
      );
      await assert.rejects(requireConfirmed(db(), realm, any.id), refused('confirmation-needed'));
      await confirmSession(db(), realm, any.id);
      await requireConfirmed(db(), realm, any.id);
      await endSessions(db(), realm, id, null);
      await assert.rejects(requireConfirmed(db(), realm, any.id), refused('confirmation-needed'));
    });

    test('waits double, are shared by all processes, and end when somebody gets it right', async () => {
      const lane: Lane = { key: `test ${kind}`, free: 3, forgetSeconds: 3_600 };
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, () => startAttempt(db(), realm, [lane])),
      );
      assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 4);
      const waits: number[] = [];
      for (let n = 0; n < 12; n += 1) {
        await startAttempt(db(), realm, [lane]).catch((error: Problem) =>
          waits.push(Number(error.params.seconds)),
        );
        await db().query(`UPDATE ${realm.throttles} SET blocked_until = now() - interval '1 second'`);
        await startAttempt(db(), realm, [lane]);
      }
      assert.deepEqual(waits.slice(0, 4), [2, 4, 8, 16]);
      assert.equal(waits.at(-1), 900);
      await attemptSucceeded(db(), realm, { own: [lane] });
      await startAttempt(db(), realm, [lane]);
    });

    test('a device is known to its own person only, until the password changes', async () => {
      const owner = { id: (await person()).id, passwordHash: 'a' };
      const other = { id: (await person()).id, passwordHash: 'b' };
      const first = rememberDevice(db(), realm, { secret, cookie: null, owner });
      const cookie = rememberDevice(db(), realm, { secret, cookie: first, owner: other });
      const known = (of: typeof owner, text = cookie, key = secret, on: Db = db()) =>
        knownDevice(on, realm, { secret: key, cookie: text, owner: of });
      assert.ok(known(owner));
      assert.ok(known(other));
      assert.notEqual(known(owner), known(other));
      assert.equal(known({ ...owner, passwordHash: 'changed' }), null);
      assert.equal(known(owner, cookie, 'another secret of ours'), null);
      assert.equal(known({ ...owner, id: other.id }), null);
      if (kind === 'user') assert.equal(known(owner, cookie, secret, tenants.neighbour), null);
      assert.equal(knownDevice(db(), realm, { secret, cookie: '~~x~', owner }), null);
    });
  });
}

test('a neighbour sees no passkey, code, challenge or count', async () => {
  const { id } = await tenants.db.one<{ id: string }>('SELECT id FROM users LIMIT 1');
  const { rows } = await drawRecoveryCodes();
  await tenants.db.transaction((tx) => storeRecoveryCodes(tx, realms.users, id, rows));
  await openSession(tenants.db, realms.users, id, visitor);
  for (const table of [
    'user_passkeys',
    'user_recovery_codes',
    'user_challenges',
    'user_throttles',
    'user_sessions',
  ]) {
    const { n } = await tenants.db.one<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
    assert.ok(n > 0, table);
    assert.deepEqual(await tenants.neighbour.query(`SELECT 1 FROM ${table}`), []);
  }
});
