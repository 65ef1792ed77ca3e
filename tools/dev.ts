/**
 * `npm run dev`: the platform from source; services start again, and the pages of the hub and of the demonstration's
 * platform change, as files are saved.
 */
import { start } from './start.ts';
import { fail } from './terminal.ts';

await start({ watch: true }).catch(fail);
