/*
 * What was typed in a form that had to wait until its visitor had proved who they are: kept in this tab, without
 * passwords, until the form is there again.
 */

const keyOf = (form: HTMLFormElement) => `typed ${location.pathname} ${form.getAttribute('action') ?? ''}`;

function fields(form: HTMLFormElement): (HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement)[] {
  return [...form.elements].filter(
    (one): one is HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement =>
      one instanceof HTMLTextAreaElement ||
      one instanceof HTMLSelectElement ||
      (one instanceof HTMLInputElement &&
        !['password', 'hidden', 'checkbox', 'radio', 'file'].includes(one.type)),
  );
}

/** Keeps what a form holds; to be called before its visitor is led elsewhere. */
export function keepTyped(form: HTMLFormElement): void {
  const typed = Object.fromEntries(fields(form).map(({ name, value }) => [name, value]));
  try {
    sessionStorage.setItem(keyOf(form), JSON.stringify(typed));
  } catch {
    // A browser that keeps nothing lets it be typed again.
  }
}

/** Puts back what was kept, once, for a visitor who comes back from proving who they are. */
export function restoreTyped(form: HTMLFormElement): void {
  const kept = sessionStorage.getItem(keyOf(form));
  if (!kept || !new URLSearchParams(location.search).has('confirmed')) return;
  sessionStorage.removeItem(keyOf(form));
  const typed: unknown = JSON.parse(kept);
  if (typeof typed !== 'object' || typed === null) return;
  for (const field of fields(form)) {
    const value: unknown = Reflect.get(typed, field.name);
    if (typeof value !== 'string') continue;
    field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
}
