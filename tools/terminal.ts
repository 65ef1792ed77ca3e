/** Progress in a terminal: one line a step, with its time; on a terminal the open step shows its seconds. */

const tty = process.stdout.isTTY === true && !process.env.CI;
const TICK_MS = 500;

const seconds = (ms: number) => (ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`);

/** Runs a step and shows that it runs, how long it took, or that it failed; the failure is thrown on. */
export async function step<T>(
  title: string,
  work: (say: (detail: string) => void) => Promise<T>,
): Promise<T> {
  const begun = Date.now();
  let detail = '';
  const line = () => `• ${title}${detail ? ` — ${detail}` : ''} (${seconds(Date.now() - begun)})`;
  const timer = tty ? setInterval(() => process.stdout.write(`\r\u001b[K${line()}`), TICK_MS) : undefined;
  if (!tty) console.log(`• ${title}…`);
  const end = (mark: string) => {
    clearInterval(timer);
    console.log(`${tty ? '\r\u001b[K' : ''}${mark} ${title} (${seconds(Date.now() - begun)})`);
  };
  try {
    const result = await work((text) => {
      detail = text;
    });
    end('✓');
    return result;
  } catch (error) {
    end('✗');
    throw error;
  }
}

/** A failure whose message is for the person at the terminal: no stack. */
export class Refusal extends Error {
  override name = 'Refusal';
}

/** Ends a tool's run: a refusal by its message, anything else with its cause. */
export function fail(error: unknown): never {
  if (error instanceof Refusal) console.error(`\n${error.message}\n`);
  else console.error(error);
  process.exit(1);
}
