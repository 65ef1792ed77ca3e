import type { Logger } from 'pino';
import type { Db } from './database/db.ts';
import type { Notifications } from './database/events.ts';
import type { Scope } from './database/scope.ts';
import type { Jobs } from './imports/jobs.ts';
import type { Settings } from './settings.ts';

/** What outlives a request: handlers and jobs receive it. */
export interface App {
  settings: Settings;
  /** Never pass secrets or personal data. */
  log: Logger;
  notifications: Notifications;
  /** Durable work that outlives the request, and the process. */
  jobs: Pick<Jobs, 'startImport'>;
  db(scope: Scope): Db;
}
