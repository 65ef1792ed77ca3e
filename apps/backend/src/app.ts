import type { Logger } from 'pino';
import type { Scanner } from './assets/scanner.ts';
import type { Backups } from './backups/place.ts';
import type { Db } from './database/db.ts';
import type { Notifications } from './database/events.ts';
import type { Scope } from './database/scope.ts';
import type { FileStore } from './files/store.ts';
import type { Jobs } from './jobs/jobs.ts';
import type { Pictures } from './pictures/process.ts';
import type { Settings } from './settings.ts';

/** What outlives a request: handlers and jobs receive it. */
export interface App {
  settings: Settings;
  /** Never pass secrets or personal data. */
  log: Logger;
  notifications: Notifications;
  /** Durable work that outlives the request, and the process. */
  jobs: Pick<Jobs, 'start'>;
  /** Where tenants' files lie. */
  files: FileStore;
  /** Null where they are not set up. */
  backups: Backups | null;
  /** The folder in which files are worked on before they are stored: `<tenant>/` for each. */
  staging: string;
  pictures: Pictures;
  /** Null where no virus scanner is set. */
  scanner: Scanner | null;
  db(scope: Scope): Db;
}
