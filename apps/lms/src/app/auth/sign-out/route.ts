import { seeOther } from '@/server/answer';
import { backend } from '@/server/backend';
import { forgetPerson } from '@/server/person';
import { dropSession } from '@/server/session';
import { visit } from '@/server/visit';

/** Ends the session here and in the backend. A full page load follows, so nothing private stays in the browser. */
export async function POST() {
  const { call } = await visit();
  if (call.session) {
    await backend()
      .signOut(call)
      .catch((error: unknown) => console.warn(`session not ended in the backend: ${String(error)}`));
    forgetPerson(call.session);
  }
  await dropSession();
  return seeOther('/sign-in');
}
