/** `npm run rotate -- SUBDOMAIN…` gives platforms of this machine another key now; without names, all that are live. */
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { ApiProblem, createClient } from '@preau/contract';
import { createSigner, privateKeyFile } from '@preau/identity';
import { defaultDataDir } from './paths.ts';
import { secrets } from './secrets.ts';
import { fail, Refusal } from './terminal.ts';

const port = Number(process.env.PORT ?? 8080);

/** The API through the gateway, whose name Node cannot resolve (`*.localhost`): dialled by its address. */
const throughGateway: typeof globalThis.fetch = (input, init) =>
  new Promise((resolve, reject) => {
    const url = new URL(String(input));
    const headers = { ...Object.fromEntries(new Headers(init?.headers)), host: `api.localhost:${port}` };
    const asked = request(
      { host: '127.0.0.1', port, path: url.pathname + url.search, method: init?.method, headers },
      async (answer) => {
        const body = await answer.toArray();
        const text = Buffer.concat(body).toString('utf8');
        const { statusCode: status = 502 } = answer;
        resolve(
          new Response(text || null, {
            status,
            headers: { 'content-type': answer.headers['content-type'] ?? '' },
          }),
        );
      },
    );
    asked.on('error', reject).end(init?.body as string | undefined);
  });

try {
  const { operatorKeyFile } = await secrets(defaultDataDir());
  const signer = createSigner(privateKeyFile.parse(JSON.parse(readFileSync(operatorKeyFile, 'utf8'))));
  const backend = createClient({
    baseUrl: `http://api.localhost:${port}`,
    token: signer.token,
    fetch: throughGateway,
  });
  const { items } = await backend.listDesiredInstances();
  const names = process.argv.slice(2);
  const chosen = items.filter(({ slug, lifecycle }) =>
    names.length > 0 ? names.includes(slug) : lifecycle === 'live',
  );
  const missing = names.filter((name) => !chosen.some(({ slug }) => slug === name));
  if (missing.length > 0) throw new Refusal(`No platform is called ${missing.join(', ')}.`);
  for (const { id, slug } of chosen) {
    const outcome = await backend.openRepair({ params: { instanceId: id }, body: { type: 'rotate' } }).then(
      () => 'gets a new key',
      (error: unknown) => {
        if (error instanceof ApiProblem) return error.problem.detail;
        throw error;
      },
    );
    console.log(`${slug}: ${outcome}`);
  }
} catch (error) {
  fail(error);
}
