/** `npm run bench [-- part …]`: builds what changed and measures; see docs/benchmarks.md. */
import { readSections, run } from '../bench/run.ts';
import { build } from './build.ts';
import { fail } from './terminal.ts';

try {
  const wanted = readSections(process.argv.slice(2));
  await build();
  await run(wanted);
} catch (error) {
  fail(error);
}
