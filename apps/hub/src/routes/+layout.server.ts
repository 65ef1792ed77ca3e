import { PREAU_PUBLIC_URL } from '$app/env/private';
import type { LayoutServerLoad } from './$types.js';

export const load: LayoutServerLoad = ({ locals }) => ({
  locale: locals.locale,
  theme: locals.theme,
  /** Whether somebody may be signed in; pages that need to know ask `locals.account()`. */
  signedIn: locals.session !== undefined,
  origin: PREAU_PUBLIC_URL,
  host: new URL(PREAU_PUBLIC_URL).host,
});
