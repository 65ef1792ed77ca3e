/** Alt + N takes the next action of the page, Alt + P the previous activity. With a modifier, as WCAG 2.1.4 asks. */
export function watchKeys(): () => void {
  function press(event: KeyboardEvent) {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const id = event.code === 'KeyN' ? 'next' : event.code === 'KeyP' ? 'previous' : null;
    const target = id && document.getElementById(id);
    if (!target) return;
    event.preventDefault();
    target.click();
  }
  document.addEventListener('keydown', press);
  return () => document.removeEventListener('keydown', press);
}
