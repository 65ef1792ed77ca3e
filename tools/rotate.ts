/** `npm run rotate -- SUBDOMAIN…` gives platforms of this machine another key now; without names, all that are live. */
import { ApiProblem } from '@preau/contract';
import { openBackend } from './backend.ts';
import { defaultDataDir } from './paths.ts';
import { fail, Refusal } from './terminal.ts';

try {
  const backend = await openBackend(defaultDataDir());
  const { items } = await backend.listDesiredInstances();
  const names = process.argv.slice(2);
  const chosen = items.filter(({ slug, lifecycle }) =>
    names.length > 0 ? names.includes(slug) : lifecycle === 'live',
  );
  const missing = names.filter((name) => !chosen.some(({ slug }) => slug === name));
  if (missing.length > 0) throw new Refusal(`No platform is called ${missing.join(', ')}.`);
  for (const { id, slug } of chosen) {
    const outcome = await backend.openRepair({ params: { instanceId: id }, body: { type: 'rotate' } }).then(
      () => 'gets a new key',
      (error: unknown) => {
        if (error instanceof ApiProblem) return error.problem.detail;
        throw error;
      },
    );
    console.log(`${slug}: ${outcome}`);
  }
} catch (error) {
  fail(error);
}
