import type { Site } from '@preau/contract/tenant/site';

/** The face of a platform of which nothing is known but a name. */
export const neutralSite = (name: string): Site => ({
  name,
  locale: 'fr',
  colour: '#176a4e',
  radius: 10,
  logo: null,
  catalogue: 'private',
  registration: 'invitation',
  state: 'live',
});
