/**
 * Loaded into the attacked backend's process before its code (`--import`). It answers how much memory the process
 * holds once garbage is collected, and takes one wall away where the attack is itself on trial (`walls.ts`): the
 * source is changed as it is read, so no switch for it exists in what is shipped.
 */
import { registerHooks } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const given = process.env.ATTACK_MUTATIONS;
if (given) {
  const mutations = JSON.parse(given) as { file: string; find: string; replace: string }[];
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      const here = mutations.filter(({ file }) => url.endsWith(`/${file}`));
      if (here.length === 0) return loaded;
      const source = here.reduce((text, { file, find, replace }) => {
        if (!text.includes(find)) throw new Error(`the wall has moved: ${file} does not say “${find}”`);
        return text.replaceAll(find, () => replace);
      }, String(loaded.source));
      return { ...loaded, source };
    },
  });
}

process.on('message', (message) => {
  if (message !== 'memory') return;
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  process.send?.({ memory: process.memoryUsage().rss });
});
for (const event of ['unhandledRejection', 'uncaughtExceptionMonitor'] as const) {
  process.on(event, (error) => process.send?.({ unhandled: String(error) }));
}
process.channel?.unref();
