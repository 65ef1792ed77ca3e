/** Asks the primary of a service for another process (decision 133). */
import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { handedOver, handoverRefused } from '@preau/contract/handover';
import type { z } from 'zod';
import { Refusal } from './terminal.ts';

/** The services that change their process while they serve. */
export const HANDED_OVER = ['backend', 'hub'] as const;
export type HandedOver = (typeof HANDED_OVER)[number];

/** Where the primary of a service listens. */
export const controlOf = (dataDir: string, service: HandedOver) => join(dataDir, `${service}.sock`);
/** The link to the build that a service runs: what its primary starts again after a crash. */
export const currentOf = (dataDir: string, service: string) => join(dataDir, 'services', service, 'current');

/** Lets a link lead to a folder, in one step. */
export function pointTo(link: string, folder: string): void {
  const draft = `${link}.new`;
  rmSync(draft, { force: true });
  symlinkSync(folder, draft);
  renameSync(draft, link);
}

/**
 * Starts a service from another build and lets it take over.
 * @throws Refusal where the new process is not sound, and the former one goes on
 */
export async function handOver(
  dataDir: string,
  service: HandedOver,
  folder: string,
): Promise<z.infer<typeof handedOver>> {
  const { status, body } = await new Promise<{ status: number; body: string }>((resolve, reject) => {
    const call = request({
      socketPath: controlOf(dataDir, service),
      path: '/handover',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    });
    call.on('error', () => reject(new Refusal(`No ${service} runs on ${dataDir}: npm start starts it.`)));
    call.on('response', (answer) => {
      text(answer).then((body) => resolve({ status: answer.statusCode ?? 502, body }), reject);
    });
    call.end(JSON.stringify({ folder }));
  });
  if (status === 200) return handedOver.parse(JSON.parse(body));
  const { detail } = handoverRefused.parse(JSON.parse(body));
  throw new Refusal(
    `The former ${service} goes on: the new one ${detail}. Its log: ${join(dataDir, 'logs', `${service}.log`)}`,
  );
}
