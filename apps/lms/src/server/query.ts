/** One value of a query parameter; the first where a visitor repeated it. */
export function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** A page number from the address; 1 for anything else. */
export function pageNumber(value: string | string[] | undefined): number {
  const text = single(value) ?? '';
  return /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 1;
}
