import { ApiProblem } from '@preau/contract/client';
import { holds } from '@preau/contract/permission';
import { opaqueToken } from '@preau/contract/primitives';
import { ADMINISTRATION } from '@/administration/parts';
import { seeOther } from '@/server/answer';
import { backend } from '@/server/backend';
import { keepSupportSession } from '@/server/session';
import { visit } from '@/server/visit';

/** SuperAdmin posts the one-time token of a member of staff here: it becomes a support session of this platform. */
export async function POST(request: Request) {
  const token = opaqueToken.safeParse((await request.formData()).get('token'));
  if (!token.success) return seeOther('/auth/expired');
  const { call } = await visit();
  try {
    const opened = await backend().redeemSupportToken({
      ...call,
      session: undefined,
      body: { token: token.data },
    });
    await keepSupportSession(opened);
    const { grants } = await backend().getMe({ ...call, session: opened.token });
    return seeOther(holds(grants, ADMINISTRATION) ? '/admin' : '/studio');
  } catch (error) {
    if (error instanceof ApiProblem && error.problem.status < 500) return seeOther('/auth/expired');
    throw error;
  }
}
