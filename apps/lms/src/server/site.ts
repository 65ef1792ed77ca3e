import 'server-only';
import type { Site } from '@preau/contract/tenant/site';
import { backend } from './backend';
import { type Instance, instance } from './instance';
import { neutralSite } from './neutralSite';

/** As long as the contract lets an instance keep it. */
const FRESH_MS = 10_000;

interface Kept {
  /** Of whose platform: a process draws its first pages for nobody, before it is somebody's. */
  speaker?: Instance;
  site?: Site;
  at: number;
  loading?: Promise<Site> | undefined;
}
const key = Symbol.for('preau.site');
/** One for the process, as person.ts has it. */
const shared = globalThis as { [key]?: Kept };

function keptNow(): Kept {
  const speaker = instance();
  if (shared[key]?.speaker !== speaker) shared[key] = { speaker, at: 0 };
  return shared[key];
}

async function fetchSite(kept: Kept): Promise<Site> {
  const site = await backend().getSite();
  kept.site = site;
  kept.at = Date.now();
  return site;
}

/**
 * The platform's name, branding and rules, at most ten seconds old; what was last known while the backend is
 * away, and a neutral face where nothing was ever known. Nothing of a tenant is known while building: a route that
 * asks nothing else of its request awaits `connection()` first.
 */
export async function currentSite(): Promise<Site> {
  const kept = keptNow();
  if (kept.site && Date.now() - kept.at < FRESH_MS) return kept.site;
  kept.loading ??= fetchSite(kept).finally(() => {
    kept.loading = undefined;
  });
  try {
    return await kept.loading;
  } catch {
    return kept.site ?? neutralSite(new URL(instance().platformUrl).hostname);
  }
}

/** After the administrator changed something: the next page shows it. */
export function forgetSite(): void {
  keptNow().at = 0;
}
