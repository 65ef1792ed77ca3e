/*
 * What was typed in a form that had to wait until its visitor had proved who they are: kept in this tab, without
 * passwords, until the form is there again.
 */

/** On the address that a visitor comes back to. */
const CONFIRMED = 'confirmed';
const keyOf = (id: string) => `typed ${location.pathname} ${id}`;

/** Keeps what is about to be sent; whoever gets an answer forgets it. */
export function keepTyped(id: string, data: FormData, form: HTMLFormElement): void {
  const typed = [...data].filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === 'string' &&
      [...form.elements].some((one) => {
        const { name, type } = one as HTMLInputElement;
        return name === entry[0] && type !== 'password' && type !== 'hidden';
      }),
  );
  try {
    sessionStorage.setItem(keyOf(id), JSON.stringify(typed));
  } catch {
    // A browser that keeps nothing lets it be typed again.
  }
}

export function forgetTyped(id: string): void {
  sessionStorage.removeItem(keyOf(id));
}

/** What was kept, for a visitor who comes back from proving who they are; once. */
export function takeTyped(id: string): [string, string][] {
  const kept = sessionStorage.getItem(keyOf(id));
  forgetTyped(id);
  if (!kept || !new URLSearchParams(location.search).has(CONFIRMED)) return [];
  const typed: unknown = JSON.parse(kept);
  if (!Array.isArray(typed)) return [];
  return typed.filter(
    (entry): entry is [string, string] =>
      Array.isArray(entry) && typeof entry[0] === 'string' && typeof entry[1] === 'string',
  );
}
