import type { App } from '../app.ts';

/** Goes on while the answer leaves: how long it takes would tell whether somebody is known. */
export function afterwards(app: App, work: Promise<unknown>): void {
  work.catch((err: unknown) => app.log.error({ err }, 'a mail that was asked for could not be written'));
}
