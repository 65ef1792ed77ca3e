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
  const answer = seeOther('/sign-in');
  // Not "cookies": that would take the hub's and every other platform's along (Clear Site Data, 3.1).
  answer.headers.set('Clear-Site-Data', '"cache", "storage"');
  return answer;
}
