import { ApiProblem } from '@preau/contract/client';
import { opaqueToken } from '@preau/contract/primitives';
import { seeOther } from '@/server/answer';
import { backend } from '@/server/backend';
import { enter, safeNext } from '@/server/session';
import { visit } from '@/server/visit';

/** The hub's « Ouvrir ma plateforme » posts its one-time token here: it becomes a session of this platform. */
export async function POST(request: Request) {
  const form = await request.formData();
  const token = opaqueToken.safeParse(form.get('token'));
  if (!token.success) return seeOther('/auth/expired');
  const { call } = await visit();
  try {
    const opened = await backend().redeemHandoff({
      ...call,
      session: undefined,
      body: { token: token.data },
    });
    return seeOther(await enter(opened, safeNext(form.get('next')?.toString())));
  } catch (error) {
    if (error instanceof ApiProblem && error.problem.status < 500) return seeOther('/auth/expired');
    throw error;
  }
}
