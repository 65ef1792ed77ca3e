/** Uploads by tus, which the document does not describe: somebody else's, seen, continued, joined and given up. */
import type { Attack } from './attack.ts';
import type { Identity } from './identities.ts';
import { nobodys } from './names.ts';
import { normalised, type Probe } from './probe.ts';
import type { Customer } from './world.ts';

const PATH = '/v1/uploads';
const TUS = { 'tus-resumable': '1.0.0' };
const WHOLE_BYTES = 4_000;
const encoded = (text: string) => Buffer.from(text).toString('base64');

/** Begins an upload and stops halfway, as whoever may. */
export async function beginUpload(url: string, customer: Customer, session: string): Promise<void> {
  const headers = {
    ...TUS,
    authorization: `Bearer ${await customer.signer.token()}`,
    'preau-session': session,
  };
  const begun = await fetch(url + PATH, {
    method: 'POST',
    headers: {
      ...headers,
      'upload-length': String(WHOLE_BYTES),
      'upload-metadata': `filename ${encoded(`${customer.name}.pdf`)}`,
    },
  });
  const id = begun.headers.get('location')?.split('/').at(-1);
  const sent = await fetch(`${url}${PATH}/${id}`, {
    method: 'PATCH',
    headers: { ...headers, 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' },
    body: '%PDF-1.7\nla moitié',
  });
  if (sent.status !== 204) throw new Error(`the upload was not begun: ${sent.status} ${await sent.text()}`);
}

interface Case {
  way: string;
  method: string;
  target: (id: string, stranger: Customer) => string;
  headers?: (id: string) => Record<string, string>;
  body?: string;
}

const at = (id: string) => `${PATH}/${id}`;
const piece = (offset: number) => () => ({
  'content-type': 'application/offset+octet-stream',
  'upload-offset': String(offset),
});
const cases: readonly Case[] = [
  { way: 'look', method: 'HEAD', target: at },
  { way: 'look', method: 'GET', target: at },
  { way: 'continue', method: 'PATCH', target: at, headers: piece(0), body: 'pris' },
  { way: 'continue', method: 'PATCH', target: at, headers: piece(WHOLE_BYTES), body: 'pris' },
  { way: 'give up', method: 'DELETE', target: at },
  ...['HEAD', 'PATCH', 'DELETE'].map((method) => ({
    way: 'method override',
    method: 'POST',
    target: at,
    headers: () => ({ 'x-http-method-override': method }),
  })),
  // The extension that joins finished uploads: it would read somebody else's bytes into one's own file.
  {
    way: 'join',
    method: 'POST',
    target: () => PATH,
    headers: (id) => ({
      'upload-concat': `final;${at(id)}`,
      'upload-metadata': `filename ${encoded('a.pdf')}`,
    }),
  },
  ...[
    (id: string, tenant: string) => `${PATH}/${tenant}/${id}`,
    (id: string, tenant: string) => `${PATH}/..%2f${tenant}%2f${id}`,
    (id: string, tenant: string) => `${PATH}/${tenant}%2f${id}`,
    (id: string) => `${PATH}/${id.toUpperCase()}`,
    (id: string) => `${PATH}/${id}.json`,
    (id: string) => `${PATH}/${id}%00`,
  ].map((target) => ({
    way: 'path spelling',
    method: 'HEAD',
    target: (id: string, stranger: Customer) => target(id, stranger.tenantId),
  })),
];

export async function attackUploads(attack: Attack, identities: readonly Identity[]): Promise<void> {
  const { victim, suspended } = attack.world;
  // Who began the victim's upload may go on with it.
  for (const identity of identities.filter(({ readsOnly }) => !readsOnly)) {
    const watch = attack.watch(identity);
    for (const stranger of identity.foreign === 'others' ? [victim] : [victim, suspended]) {
      // Whole callers: looking for what they changed costs more than what they send.
      if (!attack.takes('uploads', identity.name, stranger.name)) continue;
      for (const id of stranger.rows.get('uploads') ?? []) {
        for (const { way, method, target, headers, body } of cases) {
          await watch.begin();
          const ask = async (named: string) => {
            const probe: Probe = {
              operation: 'uploads',
              identity: identity.name,
              way,
              method,
              target: target(named, stranger),
              headers: { ...TUS, ...(await identity.headers()), ...headers?.(named) },
              body,
            };
            const answer = await attack.probe(probe, identity);
            watch.note(probe);
            if (identity.refused && answer.status < 400)
              attack.find('believed', probe, `answered ${answer.status}`);
            return { probe, status: answer.status, text: normalised(answer, named) };
          };
          const [there, missing] = [await ask(id), await ask(nobodys(id))];
          if (there.text !== missing.text)
            attack.find('tells', there.probe, `${there.status} for what is there, ${missing.status} else`);
        }
      }
      await watch.lookWhenDue();
    }
    await watch.look();
  }
}
