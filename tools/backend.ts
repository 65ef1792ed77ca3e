/** The API of the platform that runs on this machine, for commands that do something with it. */
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { type Client, createClient } from '@preau/contract';
import { createSigner, privateKeyFile } from '@preau/identity';
import { secrets } from './secrets.ts';

/** The API through the gateway, whose name Node cannot resolve (`*.localhost`): dialled by its address. */
const throughGateway =
  (port: number): typeof globalThis.fetch =>
  (input, init) =>
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

/** As the operator, through the gateway. */
export async function openBackend(dataDir: string, port = Number(process.env.PORT ?? 8080)): Promise<Client> {
  const { operatorKeyFile } = await secrets(dataDir);
  return asOperator(operatorKeyFile, `http://api.localhost:${port}`, throughGateway(port));
}

/** As the operator, at an address of this machine. */
export function asOperator(
  keyFile: string,
  baseUrl: string,
  fetch: typeof globalThis.fetch = globalThis.fetch,
): Client {
  const signer = createSigner(privateKeyFile.parse(JSON.parse(readFileSync(keyFile, 'utf8'))));
  return createClient({ baseUrl, token: signer.token, fetch });
}
