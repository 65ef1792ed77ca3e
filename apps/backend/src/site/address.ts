/** Where a platform's people go: its slug before the hub's host. */
export function platformAddress(publicUrl: string, slug: string): string {
  const url = new URL(publicUrl);
  return `${url.protocol}//${slug}.${url.host}`;
}
