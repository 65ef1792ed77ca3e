import { DiagLogLevel, diag } from '@opentelemetry/api';

const SAY_EVERY_MS = 60_000;

/** A collector that is away concerns nobody's request; it is told, and not with every batch. */
export function tellProblems(say: (problem: string) => void): void {
  let quietUntil = 0;
  const tell = (problem: string) => {
    if (Date.now() < quietUntil) return;
    quietUntil = Date.now() + SAY_EVERY_MS;
    say(problem.slice(0, 300));
  };
  const nothing = () => {};
  diag.setLogger(
    { error: tell, warn: tell, info: nothing, debug: nothing, verbose: nothing },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}
