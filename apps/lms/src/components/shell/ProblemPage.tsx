import type { ProblemDetails } from '@preau/contract/problem';
import { Static } from '@/html/Static';
import { visit } from '@/server/visit';
import { refusal } from './refusal';

/** What the backend refused, where a whole page was asked for. */
export async function ProblemPage({ problem }: { problem: ProblemDetails }) {
  const { t } = await visit();
  return <Static content={refusal(problem, t)} />;
}
