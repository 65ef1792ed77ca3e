/**
 * The answer to a sign-out: nothing that was shown stays in this browser. Not `"cookies"`: that would take those of
 * every platform on a subdomain along (Clear Site Data, 3.1).
 */
export const signedOut = (location: string): Response =>
  new Response(null, {
    status: 303,
    headers: { location, 'clear-site-data': '"cache", "storage"', 'cache-control': 'no-store' },
  });
