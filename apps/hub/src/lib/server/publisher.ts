import {
  HOSTING_PROVIDER,
  PUBLISHER_ADDRESS,
  PUBLISHER_DIRECTOR,
  PUBLISHER_EMAIL,
  PUBLISHER_NAME,
  PUBLISHER_REGISTRATION,
} from '$app/env/private';

/** Who runs this installation, as its operator declared; what was not declared is null, and the pages say so. */
export const publisher = {
  name: PUBLISHER_NAME ?? null,
  address: PUBLISHER_ADDRESS ?? null,
  registration: PUBLISHER_REGISTRATION ?? null,
  director: PUBLISHER_DIRECTOR ?? null,
  email: PUBLISHER_EMAIL ?? null,
  hosting: HOSTING_PROVIDER ?? null,
};
