/** Tenants whose log has grown, and when that was noted: the next anchors are theirs. */
export const grown = new Map<string, number>();

export function noteGrowth(tenantId: string): void {
  grown.set(tenantId, Date.now());
}
