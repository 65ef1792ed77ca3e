import * as m from '#lib/paraglide/messages.js';

/** “Chrome sur Windows”, or what is known of it. */
export function browserName({ browser, system }: { browser: string | null; system: string | null }): string {
  if (browser && system) return m.security_browser_on({ browser, system });
  return browser ?? system ?? m.security_browser_unknown();
}
