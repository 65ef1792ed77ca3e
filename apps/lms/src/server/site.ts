import 'server-only';
import type { Site } from '@preau/contract/tenant/site';
import { connection } from 'next/server';
import { backend } from './backend';
import { instance } from './instance';

/** As long as the contract lets an instance keep it. */
const FRESH_MS = 10_000;

let kept: { site: Site; at: number } | undefined;
let loading: Promise<Site> | undefined;

async function fetchSite(): Promise<Site> {
  const site = await backend().getSite();
  kept = { site, at: Date.now() };
  return site;
}

/**
 * The platform's name, branding and rules, at most ten seconds old; what was last known while the backend is
 * away, and a neutral face where nothing was ever known.
 */
export async function currentSite(): Promise<Site> {
  // Nothing of a tenant is known while building: whoever asks is answered per request.
  await connection();
  if (kept && Date.now() - kept.at < FRESH_MS) return kept.site;
  loading ??= fetchSite().finally(() => {
    loading = undefined;
  });
  try {
    return await loading;
  } catch {
    return kept?.site ?? neutralSite();
  }
}

/** After the administrator changed something: the next page shows it. */
export function forgetSite(): void {
  kept = undefined;
}

function neutralSite(): Site {
  return {
    name: new URL(instance().platformUrl).hostname,
    locale: 'fr',
    colour: '#176a4e',
    radius: 10,
    logo: null,
    catalogue: 'private',
    registration: 'invitation',
    state: 'live',
  };
}
