/** Before a platform's label in the host name of its content; no subdomain can hold two hyphens in a row. */
export const CONTENT_LABEL = 'content--';

/**
 * The origin that a platform's untrusted content runs on, never the one of its pages: for
 * `http://demo.localhost:8080` it is `http://content--demo.localhost:8080`.
 */
export function contentOrigin(platformUrl: string): string {
  const { protocol, host } = new URL(platformUrl);
  return `${protocol}//${CONTENT_LABEL}${host}`;
}
