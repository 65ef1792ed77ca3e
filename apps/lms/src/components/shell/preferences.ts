import { type Html, html } from '@/html/html';
import type { Visit } from '@/server/visitor';

function choices(
  name: string,
  legend: string,
  current: string,
  options: [value: string, label: string][],
): Html {
  const buttons = options.map(
    ([value, label]) =>
      html`<button type="submit" name="${name}" value="${value}" aria-pressed="${String(value === current)}"${name === 'locale' ? html` lang="${value}"` : null}>${label}</button>`,
  );
  return html`<form method="post" action="/preferences" class="choices"><fieldset><legend>${legend}</legend><div>${buttons}</div></fieldset></form>`;
}

/** Language and appearance. Ordinary forms: the choice is a cookie, and the page comes back with it. */
export function preferences({ t, locale, theme }: Visit): Html {
  const languages = choices('locale', t('shell.language'), locale, [
    ['fr', 'Français'],
    ['en', 'English'],
  ]);
  const themes = choices('theme', t('shell.theme'), theme, [
    ['system', t('shell.themeSystem')],
    ['light', t('shell.themeLight')],
    ['dark', t('shell.themeDark')],
  ]);
  return html`${languages}${themes}`;
}
