import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ApiProblem } from '@preau/contract';
import { strToU8, zipSync } from 'fflate';
import sharp from 'sharp';
import { contentKey } from '../files/key.ts';
import { scanPackages } from '../packages/scan.ts';
import { type TestBackend, type TestInstance, testBackend } from '../testing/backend.ts';
import { type Clamd, clamdInstalled, eicar, openClamd } from '../testing/clamd.ts';
import { tusClient } from '../testing/upload.ts';
import { clamav } from './clamav.ts';
import { scanWaiting } from './scan.ts';

const refused = (name: string) => (error: unknown) =>
  error instanceof ApiProblem && error.problem.name === name;

describe('a virus scanner', {
  skip: !clamdInstalled && 'the Debian package clamav-daemon is not installed',
}, () => {
  let clamd: Clamd;
  let backend: TestBackend;
  let here: TestInstance;
  let author: { id: string; email: string; session: string };
  before(async () => {
    clamd = await openClamd();
    await clamd.start();
    backend = await testBackend({ RATE_LIMIT_FACTOR: '100', CLAMD_URL: clamd.tcpUrl });
    here = await backend.instance('atelier');
    author = await here.signedIn('administrator');
  });
  after(async () => {
    await backend?.close();
    await clamd?.close();
  });

  const pdf = (text: string) => strToU8(`%PDF-1.7\n${text}`);
  const upload = (body: Uint8Array, fileName: string) =>
    here.client.uploadAsset({
      session: author.session,
      query: { alt: '' },
      body: new Uint8Array(body),
      fileName,
    });
  async function download(id: string): Promise<number> {
    const headers = { authorization: `Bearer ${await here.signer.token()}`, 'preau-session': author.session };
    const answer = await fetch(`${backend.url}/v1/assets/${id}`, { headers });
    await answer.arrayBuffer();
    return answer.status;
  }
  const scanOf = async (id: string) =>
    (await here.db.one<{ scan: string }>('SELECT scan::text FROM assets WHERE id = $1', [id])).scan;
  /** What both logs say of files that were set aside. */
  const findings = async () => {
    const count = `SELECT count(*)::int AS n FROM`;
    const where = `WHERE action = 'file.quarantined'`;
    const own = await here.db.one<{ n: number }>(`${count} audit_entries ${where}`);
    const ours = await backend.platform.one<{ n: number }>(
      `${count} platform_audit_entries ${where} AND target = $1`,
      [here.tenantId],
    );
    return [own.n, ours.n];
  };

  test('is asked over TCP and over a socket file, and says where it is silent', async () => {
    for (const url of [clamd.tcpUrl, clamd.unixUrl]) assert.match(await clamav(url).version(), /^ClamAV /);
    await assert.rejects(clamav('tcp://127.0.0.1:1').version());
  });

  test('clears what is clean; what is infected is refused, set aside and written down', async () => {
    const clean = await upload(pdf('sain'), 'sain.pdf');
    assert.deepEqual(
      [clean.scanning, await scanOf(clean.id), await download(clean.id)],
      [false, 'clean', 200],
    );
    const bytes = pdf(eicar);
    await assert.rejects(upload(bytes, 'facture.pdf'), (error: unknown) => {
      assert.ok(refused('file-infected')(error) && error instanceof ApiProblem);
      assert.match(error.problem.detail, /Eicar-Test-Signature/);
      return true;
    });
    const checksum = Buffer.from(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))).toString(
      'hex',
    );
    const aside = contentKey(here.tenantId, checksum, '', 'quarantine');
    assert.equal(await backend.app.files.size(aside), bytes.byteLength);
    assert.deepEqual(await findings(), [1, 1]);
    // A package with it inside of its archive is no better.
    const course = await here.client.createCourse({ session: author.session, body: { title: 'Un' } });
    const { modules } = await here.client.createModule({
      session: author.session,
      params: { courseId: course.id },
      body: { title: 'Un' },
    });
    const { activityId } = await here.client.createActivity({
      session: author.session,
      params: { moduleId: modules[0]?.id ?? '' },
      body: { type: 'package', title: 'Visite' },
    });
    const send = (files: Record<string, Uint8Array>) =>
      tusClient(backend, here, author.session).send(zipSync(files), {
        filename: 'a.zip',
        purpose: 'package',
      });
    const finish = (uploadId: string) =>
      here.client.finishPackage({ session: author.session, params: { uploadId }, body: { activityId } });
    const infected = await send({ 'index.html': strToU8('<p>'), 'a.txt': strToU8(eicar) });
    await assert.rejects(finish(infected), refused('file-infected'));
    assert.deepEqual(await findings(), [2, 2]);

    await clamd.stop();
    const waiting = await send({ 'index.html': strToU8('<p>sain') });
    await assert.rejects(finish(waiting), refused('scan-pending'));
    await clamd.start();
    assert.equal((await finish(waiting)).files, 1, 'nothing was lost');
  });

  test('that is silent lets files wait, opened by nobody; they are asked about again', async () => {
    await clamd.stop();
    const photo = await sharp({ create: { width: 20, height: 10, channels: 3, background: '#3a7' } })
      .jpeg()
      .toBuffer();
    const picture = await upload(photo, 'cour.jpg');
    const clean = await upload(pdf('plus tard'), 'plus-tard.pdf');
    const infected = await upload(pdf(`${eicar} plus tard`), 'piège.pdf');
    for (const { id, scanning } of [picture, clean, infected])
      assert.deepEqual([scanning, await scanOf(id), await download(id)], [true, 'pending', 503]);
    await scanWaiting(backend.app, here.db);
    assert.equal(await scanOf(clean.id), 'pending');
    await here.db.query(`UPDATE assets SET created_at = now() - interval '7 hours' WHERE scan = 'pending'`);
    await scanWaiting(backend.app, here.db);
    await clamd.start();
    await scanWaiting(backend.app, here.db);
    for (const { id } of [picture, clean])
      assert.deepEqual([await scanOf(id), await download(id)], ['clean', 200]);
    assert.deepEqual([await scanOf(infected.id), await download(infected.id)], ['infected', 404]);
    const mail = await backend.platform.one<{ to: string; subject: string }>(
      `SELECT "to", subject FROM mails WHERE kind = 'file-set-aside'`,
    );
    assert.deepEqual(mail, { to: author.email, subject: '«\u00a0piège.pdf\u00a0» a été mis à l’écart' });
    assert.deepEqual(await findings(), [3, 3]);
    await assert.rejects(upload(pdf(`${eicar} plus tard`), 'encore.pdf'), refused('file-infected'));
  });

  test('that was set up later looks at what was there before', async () => {
    const { id } = await upload(pdf('ancien'), 'ancien.pdf');
    await here.db.query(`UPDATE assets SET scan = 'unscanned' WHERE id = $1`, [id]);
    assert.equal(await download(id), 200);
    await scanWaiting(backend.app, here.db);
    assert.equal(await scanOf(id), 'clean');
  });

  test('that was set up later takes packages out of their activities where it finds something', async () => {
    const course = await here.client.createCourse({ session: author.session, body: { title: 'Avant' } });
    const { modules } = await here.client.createModule({
      session: author.session,
      params: { courseId: course.id },
      body: { title: 'Un' },
    });
    const show = async (files: Record<string, Uint8Array>) => {
      const { activityId } = await here.client.createActivity({
        session: author.session,
        params: { moduleId: modules[0]?.id ?? '' },
        body: { type: 'package', title: 'Visite' },
      });
      const filename = 'avant.zip';
      const uploadId = await tusClient(backend, here, author.session).send(zipSync(files), {
        filename,
        purpose: 'package',
      });
      await here.client.finishPackage({
        session: author.session,
        params: { uploadId },
        body: { activityId },
      });
      return activityId;
    };
    const frameOf = async (activityId: string) =>
      (await here.client.getActivity({ session: author.session, params: { activityId } })).frame;
    const { scanner } = backend.app;
    backend.app.scanner = null;
    const page = strToU8('<p>sain');
    const [clean, infected] = [
      await show({ 'index.html': page }),
      await show({ 'index.html': page, 'a.txt': strToU8(eicar) }),
    ];
    backend.app.scanner = scanner;
    const before = await findings();
    await clamd.stop();
    await scanPackages(backend.app, here.db);
    assert.ok(await frameOf(infected), 'no verdict takes nothing away');
    await clamd.start();
    await scanPackages(backend.app, here.db);
    assert.ok(await frameOf(clean));
    assert.equal(await frameOf(infected), null);
    assert.deepEqual(
      await findings(),
      before.map((count) => count + 1),
    );
    const { subject } = await backend.platform.one<{ subject: string }>(
      `SELECT subject FROM mails WHERE kind = 'file-set-aside' ORDER BY created_at DESC LIMIT 1`,
    );
    assert.equal(subject, '«\u00a0avant.zip\u00a0» a été mis à l’écart');
    const { waiting } = await here.db.one<{ waiting: number }>(
      'SELECT count(*)::int AS waiting FROM content_packages WHERE scanned_at IS NULL',
    );
    assert.equal(waiting, 0);
  });
});
