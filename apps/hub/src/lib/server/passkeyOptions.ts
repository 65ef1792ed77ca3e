import { ApiProblem, ApiUnreachable } from '@preau/contract';
import { json } from '@sveltejs/kit';

/** Answers a page's script with what its browser shall be asked; a refusal in the API's words. */
export async function answerOptions(options: () => Promise<object>): Promise<Response> {
  try {
    return json(await options(), { headers: { 'cache-control': 'no-store' } });
  } catch (error) {
    if (error instanceof ApiProblem)
      return json(
        { name: error.problem.name, message: error.problem.detail },
        { status: error.problem.status },
      );
    if (error instanceof ApiUnreachable) return json({ name: 'unavailable', message: '' }, { status: 503 });
    throw error;
  }
}

/** The challenge that a script sends with its question, if it sends one. */
export async function readChallenge(request: Request): Promise<string | null> {
  const text = (await request.text()).slice(0, 300);
  return /^[\w.-]{20,200}$/.test(text) ? text : null;
}
