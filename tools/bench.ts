/** `npm run bench [-- part …]`, `bench:api` and `bench:fleet`: build what changed and measure; see docs/benchmarks.md. */
import { runFleet } from '../bench/fleet/run.ts';
import { readSections, run } from '../bench/run.ts';
import { runScale } from '../bench/scale/run.ts';
import { build } from './build.ts';
import { fail } from './terminal.ts';

try {
  const [first, ...others] = process.argv.slice(2);
  if (first === 'scale') {
    await build(['backend']);
    await runScale(others);
  } else if (first === 'fleet') {
    await build();
    await runFleet(others);
  } else {
    const wanted = readSections(process.argv.slice(2));
    await build();
    await run(wanted);
  }
} catch (error) {
  fail(error);
}
