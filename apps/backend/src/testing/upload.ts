import assert from 'node:assert/strict';
import type { TestBackend, TestInstance } from './backend.ts';

const TUS = { 'tus-resumable': '1.0.0' };
const encoded = (metadata: Record<string, string>) =>
  Object.entries(metadata)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',');

/** Speaks tus as a browser does, for one person of one platform. */
export function tusClient({ url }: Pick<TestBackend, 'url'>, { signer }: TestInstance, session: string) {
  async function ask(method: string, path: string, headers: Record<string, string>, body?: Uint8Array) {
    return fetch(url + path, {
      method,
      headers: {
        ...TUS,
        authorization: `Bearer ${await signer.token()}`,
        'preau-session': session,
        ...headers,
      },
      ...(body ? { body: new Uint8Array(body) } : {}),
    });
  }
  const at = (uploadId: string) => `/v1/uploads/${uploadId}`;
  return {
    begin: (bytes: number, metadata: Record<string, string>) =>
      ask('POST', '/v1/uploads', {
        'upload-length': String(bytes),
        'upload-metadata': encoded(metadata),
      }),
    append: (uploadId: string, offset: number, body: Uint8Array) =>
      ask(
        'PATCH',
        at(uploadId),
        { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) },
        body,
      ),
    /** By an extension that we do not have. */
    join: (...paths: string[]) => ask('POST', '/v1/uploads', { 'upload-concat': `final;${paths.join(' ')}` }),
    look: (uploadId: string) => ask('HEAD', at(uploadId), {}),
    end: (uploadId: string) => ask('DELETE', at(uploadId), {}),
    /** Begins and sends everything. @returns the id */
    async send(body: Uint8Array, metadata: Record<string, string>): Promise<string> {
      const begun = await this.begin(body.byteLength, metadata);
      assert.equal(begun.status, 201, await begun.clone().text());
      const uploadId = idOf(begun);
      const appended = await this.append(uploadId, 0, body);
      assert.equal(appended.status, 204, await appended.clone().text());
      return uploadId;
    },
  };
}

export const idOf = (begun: Response): string => begun.headers.get('location')?.split('/').at(-1) ?? '';
