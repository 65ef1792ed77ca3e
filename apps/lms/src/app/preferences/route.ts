import { refererPath, seeOther } from '@/server/answer';
import { backend } from '@/server/backend';
import { forgetPerson } from '@/server/person';
import { keepPreference } from '@/server/session';
import { asLocale, visit } from '@/server/visit';

/** Keeps a choice of language or appearance, and goes back to the page it was made on. */
export async function POST(request: Request) {
  const form = await request.formData();
  const locale = asLocale(form.get('locale')?.toString());
  const theme = form.get('theme')?.toString();
  if (theme === 'light' || theme === 'dark' || theme === 'system') await keepPreference('theme', theme);
  if (locale) {
    await keepPreference('locale', locale);
    const { user, call } = await visit();
    if (user && call.session) {
      // The cookie already speaks this language; the profile may follow later if the backend is away.
      await backend()
        .updateMe({ ...call, body: { locale } })
        .catch((error: unknown) => console.warn(`language not kept in the profile: ${String(error)}`));
      forgetPerson(call.session);
    }
  }
  return seeOther(refererPath(request));
}
