/*
 * What was typed in a form that had to wait until its visitor had proved who they are, or had loaded the page of
 * another release: kept in this tab, without passwords, until the form is there again.
 */

/** On the address that a visitor comes back to. */
const CONFIRMED = 'confirmed';
const keyOf = (id: string) => `typed ${location.pathname} ${id}`;
/** Before what was kept by a page that is about to be loaded again. */
const RELOADED = 'reloaded ';

/** Keeps what is about to be sent; whoever gets an answer forgets it. */
function keepTyped(id: string, data: FormData, form: HTMLFormElement): void {
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

/** Keeps what is typed in every form of the page: one of them is about to be sent, and may take the page with it. */
export function keepAllTyped(submitted: HTMLFormElement, data: FormData): void {
  for (const form of document.forms)
    if (form.id) keepTyped(form.id, form === submitted ? data : new FormData(form), form);
}

/** Loads the page again; its forms then show what was kept. */
export function reloadWithTyped(): void {
  for (const key of Object.keys(sessionStorage)) {
    const kept = key.startsWith(keyOf('')) ? sessionStorage.getItem(key) : null;
    if (kept && !kept.startsWith(RELOADED)) sessionStorage.setItem(key, RELOADED + kept);
  }
  location.reload();
}

/** What was kept, for a visitor who comes back from proving who they are or from loading the page again; once. */
export function takeTyped(id: string): [string, string][] {
  const kept = sessionStorage.getItem(keyOf(id));
  forgetTyped(id);
  if (!kept) return [];
  const reloaded = kept.startsWith(RELOADED);
  if (!reloaded && !new URLSearchParams(location.search).has(CONFIRMED)) return [];
  const typed: unknown = JSON.parse(reloaded ? kept.slice(RELOADED.length) : kept);
  if (!Array.isArray(typed)) return [];
  return typed.filter(
    (entry): entry is [string, string] =>
      Array.isArray(entry) && typeof entry[0] === 'string' && typeof entry[1] === 'string',
  );
}
