/*
 * What was typed in a form that had to wait until its visitor had proved who they are: kept in this tab, without
 * passwords, until the form is there again.
 */
import { tick } from 'svelte';

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const isControl = (one: Element): one is Control =>
  one instanceof HTMLInputElement || one instanceof HTMLTextAreaElement || one instanceof HTMLSelectElement;

const controls = (form: HTMLFormElement) => [...form.elements].filter(isControl);

/** A page has the same form once a row: what tells them apart stands in their hidden fields. */
function keyOf(form: HTMLFormElement): string {
  const row = controls(form).flatMap(({ type, name, value }) =>
    type === 'hidden' ? `${name}=${value}` : [],
  );
  return ['typed', location.pathname, form.getAttribute('action') ?? '', ...row].join(' ');
}

const isTicked = (control: Control): control is HTMLInputElement =>
  control instanceof HTMLInputElement && (control.type === 'checkbox' || control.type === 'radio');

/** What people type or choose, but for secrets and files, which no page may bring back. */
const fields = (form: HTMLFormElement) =>
  controls(form).filter(({ type }) => !['password', 'hidden', 'file', 'submit'].includes(type));

const nameOf = (field: Control) => (isTicked(field) ? `${field.name}=${field.value}` : field.name);
const heldBy = (field: Control) => (isTicked(field) ? field.checked : field.value);

/** Keeps what a form holds; to be called before its visitor is led elsewhere. */
export function keepTyped(form: HTMLFormElement): void {
  const typed = Object.fromEntries(fields(form).map((field) => [nameOf(field), heldBy(field)]));
  try {
    sessionStorage.setItem(keyOf(form), JSON.stringify(typed));
  } catch {
    // A browser that keeps nothing lets it be typed again.
  }
}

/** Takes what was kept of a form, once, for a visitor who comes back from proving who they are. */
function takeKept(form: HTMLFormElement): object | undefined {
  if (!new URLSearchParams(location.search).has('confirmed')) return undefined;
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(form)) ?? 'null');
    sessionStorage.removeItem(keyOf(form));
    return typeof kept === 'object' && kept !== null ? kept : undefined;
  } catch {
    return undefined;
  }
}

function putBack(form: HTMLFormElement, typed: object): void {
  for (const field of fields(form)) {
    const value: unknown = Reflect.get(typed, nameOf(field));
    if (value === undefined || value === heldBy(field)) continue;
    if (isTicked(field)) field.checked = value === true;
    else if (typeof value === 'string') field.value = value;
    else continue;
    // A choice that sends its form does so again; bindings hear of either.
    for (const event of ['input', 'change']) field.dispatchEvent(new Event(event, { bubbles: true }));
  }
}

/** Puts back what was kept of a form. @returns whether there was anything */
export async function restoreTyped(form: HTMLFormElement): Promise<boolean> {
  const typed = takeKept(form);
  if (!typed) return false;
  putBack(form, typed);
  // A choice may have brought fields of its own.
  await tick();
  putBack(form, typed);
  return true;
}

/** Unfolds a form wherever the page folds it, and leads to what sends it. */
export function showForm(form: HTMLFormElement): void {
  let around = form.closest('details');
  while (around) {
    around.open = true;
    around = around.parentElement?.closest('details') ?? null;
  }
  form.scrollIntoView({ block: 'center' });
  form.querySelector<HTMLElement>('button:not([type="button"])')?.focus({ preventScroll: true });
}
