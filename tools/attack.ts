/** `npm run attack [-- part … 1/N]`: attacks a backend of its own by every door; see attack/attack.ts. */
import { readWanted, run } from '../attack/run.ts';
import { fail } from './terminal.ts';

try {
  const safe = await run(readWanted(process.argv.slice(2)));
  process.exit(safe ? 0 : 1);
} catch (error) {
  fail(error);
}
