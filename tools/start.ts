/** `npm start`: builds what changed, starts everything, prints where it is, and stops everything at Ctrl-C. */
import { mkdirSync } from 'node:fs';
import { build } from './build.ts';
import { defaultDataDir } from './paths.ts';
import { startPlatform } from './platform.ts';
import { requirePort, Services } from './process.ts';
import { fail, Refusal } from './terminal.ts';

const DEFAULT_PORT = 8080;

function readPort(): number {
  const port = Number(process.env.PORT ?? DEFAULT_PORT);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Refusal(`PORT must be a number from 1 to 65535, not “${process.env.PORT}”.`);
}

/** Builds, starts and announces the platform; runs until a signal. */
export async function start({ watch }: { watch: boolean }): Promise<void> {
  const port = readPort();
  const dataDir = defaultDataDir();
  mkdirSync(dataDir, { recursive: true });
  const healed = await new Services(dataDir).heal();
  if (healed > 0) console.log(`✓ Ended ${healed} processes that a killed run had left`);
  await requirePort(port);
  await build(watch ? ['lms'] : undefined);
  let stopping = false;
  let running: Awaited<ReturnType<typeof startPlatform>> | undefined;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    console.log('\n• Stopping…');
    await running?.stop();
    console.log('✓ Stopped');
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  running = await startPlatform({
    dataDir,
    port,
    databaseUrl: process.env.DATABASE_URL,
    demo: process.env.DEMO !== '0',
    watch,
  });
  console.log(`
  Préau is running.

  Hub                 ${running.publicUrl}
  Demo platform       http://demo.localhost:${port}
  Mail outbox         ${running.publicUrl}/outbox
  API                 http://api.localhost:${port}/v1/openapi.json
  Status page         http://status.localhost:${port}
  Staff               ${running.publicUrl}/admin

  Customer            claire@atelier.test      preau-demo-2026
  Staff               staff@preau.test         preau-demo-2026 (asks to set up a code app)
  Demo: administrator admin@demo.test          preau-demo-2026
        trainer       formateur@demo.test      preau-demo-2026
        learner       apprenant@demo.test      preau-demo-2026

  Ctrl-C stops everything.
`);
}

if (import.meta.main) await start({ watch: false }).catch(fail);
