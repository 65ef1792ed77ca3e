/** A frame that has not loaded by then has failed. */
const PATIENCE_MS = 30_000;
/** What the backend's page says where an address leads to nothing (any more). */
const MISSING = 'preau:content-missing';

/**
 * Loads the package of an activity into its frame, and says it where that fails: the connection, or an address that
 * is over. Trying again takes the whole page, and with it a new address.
 * @returns ends it, when another page takes its place; null on a page without a package
 */
export function watchPackage(): (() => void) | null {
  const place = document.getElementById('package');
  const frame = place?.querySelector('iframe');
  if (!place || !frame) return null;

  const show = (state: 'shown' | 'failed') => {
    if (place.dataset.state === 'failed') return;
    clearTimeout(late);
    place.dataset.state = state;
    place.querySelector('[role="status"]')?.remove();
    frame.hidden = state === 'failed';
    if (state === 'shown') return;
    const words = place.querySelector('template');
    if (words) place.append(words.content.cloneNode(true));
    place.querySelector('button')?.addEventListener('click', () => location.reload());
    place.querySelector<HTMLElement>('[role="alert"]')?.focus();
  };
  const hear = (event: MessageEvent) => {
    if (event.source === frame.contentWindow && event.data === MISSING) show('failed');
  };
  const late = setTimeout(() => show('failed'), PATIENCE_MS);
  window.addEventListener('message', hear);
  frame.addEventListener('load', () => show('shown'), { once: true });
  frame.src = frame.dataset.src ?? '';
  return () => {
    clearTimeout(late);
    window.removeEventListener('message', hear);
  };
}
