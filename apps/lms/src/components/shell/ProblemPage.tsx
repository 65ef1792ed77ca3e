import type { ProblemDetails } from '@preau/contract/problem';
import type { ReactNode } from 'react';
import { ButtonLink } from '@/components/ui/Button';
import { visit } from '@/server/visit';
import { NotFound } from './NotFound';

/** What the backend refused, where a whole page was asked for: the reason, the remedy, the reference. */
export async function ProblemPage({ problem, action }: { problem: ProblemDetails; action?: ReactNode }) {
  if (problem.status === 404) return <NotFound />;
  const { t } = await visit();
  const ours = problem.status >= 500;
  return (
    <div className="mx-auto max-w-xl py-10 text-center sm:py-16">
      <h1 className="text-2xl">{problem.title}</h1>
      <p className="mt-4 text-ink-soft">{problem.detail}</p>
      {ours && (
        <p className="mt-4 text-sm text-ink-soft">
          {t('problem.reference')} <code>{problem.reference}</code>
        </p>
      )}
      <p className="mt-8 flex flex-wrap justify-center gap-3">
        {action}
        {ours ? (
          <ButtonLink href="" variant="secondary">
            {t('problem.retry')}
          </ButtonLink>
        ) : (
          <ButtonLink href="/" variant="secondary">
            {t('problem.home')}
          </ButtonLink>
        )}
      </p>
    </div>
  );
}
