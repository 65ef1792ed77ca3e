import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { testBackend } from '../testing/backend.ts';
import { accountExists } from './hubLetters.ts';
import { house } from './letter.ts';
import { post } from './post.ts';
import { openMailSender } from './sender.ts';

const letter = accountExists('fr', { url: 'http://localhost:8080/sign-in' });

async function mailServer(refuses: () => boolean, host = '127.0.0.1') {
  const received: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (refuses()) return done(new Error('try later'));
        received.push(Buffer.concat(chunks).toString());
        done();
      });
    },
  });
  await new Promise<void>((listening) => server.listen(0, host, listening));
  const { port } = server.server.address() as AddressInfo;
  return { received, url: `smtp://${host}:${port}`, close: () => server.close() };
}

test('mails go out once, are retried when refused, and given up after eight attempts', async () => {
  let refusing = false;
  const smtp = await mailServer(() => refusing);
  const backend = await testBackend({ SMTP_URL: smtp.url, MAIL_FROM: 'Préau <bonjour@preau.test>' });
  try {
    const { platform, app } = backend;
    const stateOf = (to: string) =>
      platform.one<{ state: string; attempts: number }>(
        'SELECT state, attempts::int AS attempts FROM mails WHERE "to" = $1',
        [to],
      );
    const sendTo = (to: string) => post(platform, { to, locale: 'fr', sender: house, letter });
    const until = async (to: string, state: string) => {
      for (let tries = 0; tries < 100; tries += 1) {
        if ((await stateOf(to)).state === state) return;
        await new Promise((later) => setTimeout(later, 50));
      }
      assert.fail(`${to} is ${(await stateOf(to)).state}, not ${state}`);
    };
    await sendTo('une@exemple.test');
    // Beside the backend's own sender: two senders never take the same mail.
    const second = openMailSender(app);
    await Promise.all([second.sweep(), second.sweep()]);
    await until('une@exemple.test', 'sent');
    assert.equal(smtp.received.length, 1);
    assert.match(smtp.received[0] ?? '', /From: =\?UTF-8\?.*<bonjour@preau\.test>/);
    assert.match(smtp.received[0] ?? '', /Auto-Submitted: auto-generated/);

    refusing = true;
    await sendTo('autre@exemple.test');
    await until('autre@exemple.test', 'failed');
    for (let attempt = 2; attempt <= 8; attempt += 1) {
      await platform.query(`UPDATE mails SET due_at = now() WHERE "to" = 'autre@exemple.test'`);
      for (let tries = 0; (await stateOf('autre@exemple.test')).attempts < attempt && tries < 20; tries += 1)
        await second.sweep();
    }
    await until('autre@exemple.test', 'dead');
    assert.equal(smtp.received.length, 1);
    second.close();
  } finally {
    await backend.close();
    smtp.close();
  }
});

test('no mail leaves this machine in plain text', async () => {
  // Reached over the loopback, but by a name that does not promise it; it offers no STARTTLS.
  const smtp = await mailServer(() => false, '0.0.0.0');
  const backend = await testBackend({ SMTP_URL: smtp.url });
  try {
    await post(backend.platform, { to: 'une@exemple.test', locale: 'fr', sender: house, letter });
    const sender = openMailSender(backend.app);
    const read = () =>
      backend.platform.one<{ state: string; error: string | null }>('SELECT state, error FROM mails');
    while ((await read()).state === 'queued') await sender.sweep();
    const { state, error } = await read();
    assert.equal(state, 'failed');
    assert.match(error ?? '', /STARTTLS|TLS/);
    assert.deepEqual(smtp.received, []);
    sender.close();
  } finally {
    await backend.close();
    smtp.close();
  }
});

test('without a mail server, mails are kept and can be read where that is allowed', async () => {
  const backend = await testBackend({ OUTBOX_READABLE: '1' });
  try {
    await post(backend.platform, { to: 'une@exemple.test', locale: 'fr', sender: house, letter });
    await openMailSender(backend.app).sweep();
    const { items } = await backend.hub.listOutbox({ query: { to: 'une@exemple.test' } });
    assert.deepEqual(
      items.map(({ state, kind }) => [state, kind]),
      [['kept', 'account-exists']],
    );
    const mail = await backend.hub.readOutboxMail({ params: { mailId: items[0]?.id ?? '' } });
    assert.match(mail.html, /Se connecter/);
    assert.match(mail.text, /http:\/\/localhost:8080\/sign-in/);
  } finally {
    await backend.close();
  }
});
