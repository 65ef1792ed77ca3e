import type { Visit } from '@/server/visit';

const choiceStyle =
  'flex-1 rounded-md px-2 py-1.5 text-xs font-semibold text-ink-soft hover:text-ink aria-pressed:bg-surface aria-pressed:text-ink aria-pressed:shadow-[0_0_0_1px_var(--line-strong)]';

/** Language and appearance. Ordinary forms: the choice is a cookie, and the page comes back with it. */
export function Preferences({ visit }: { visit: Visit }) {
  const { t, locale, theme } = visit;
  const languages = [
    { value: 'fr', label: 'Français' },
    { value: 'en', label: 'English' },
  ] as const;
  const themes = [
    { value: 'system', label: t('shell.themeSystem') },
    { value: 'light', label: t('shell.themeLight') },
    { value: 'dark', label: t('shell.themeDark') },
  ] as const;
  return (
    <div className="space-y-3 px-3 py-2">
      <form method="post" action="/preferences">
        <fieldset>
          <legend className="mb-1.5 text-xs font-medium text-ink-soft">{t('shell.language')}</legend>
          <div className="flex gap-1 rounded-lg bg-sunken p-1">
            {languages.map(({ value, label }) => (
              <button
                key={value}
                type="submit"
                name="locale"
                value={value}
                lang={value}
                aria-pressed={locale === value}
                className={choiceStyle}
              >
                {label}
              </button>
            ))}
          </div>
        </fieldset>
      </form>
      <form method="post" action="/preferences">
        <fieldset>
          <legend className="mb-1.5 text-xs font-medium text-ink-soft">{t('shell.theme')}</legend>
          <div className="flex gap-1 rounded-lg bg-sunken p-1">
            {themes.map(({ value, label }) => (
              <button
                key={value}
                type="submit"
                name="theme"
                value={value}
                aria-pressed={theme === value}
                className={choiceStyle}
              >
                {label}
              </button>
            ))}
          </div>
        </fieldset>
      </form>
    </div>
  );
}
