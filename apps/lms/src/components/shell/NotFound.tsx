import { ButtonLink } from '@/components/ui/Button';
import { visit } from '@/server/visit';

/** What does not exist, or is not for this person: the same words for both. */
export async function NotFound() {
  const { t } = await visit();
  return (
    <div className="mx-auto max-w-xl py-10 text-center sm:py-16">
      <svg viewBox="0 0 200 90" className="mx-auto mb-8 h-28" fill="none" aria-hidden="true">
        <path className="fill-brand" d="M10 14h180v8H10z" />
        <path
          className="stroke-brand"
          strokeWidth="8"
          d="M24 86V54a24 24 0 0 1 48 0v32M76 86V54a24 24 0 0 1 48 0v32M128 86V54a24 24 0 0 1 48 0v32"
        />
        <path
          className="fill-accent-soft stroke-accent"
          strokeWidth="2"
          strokeDasharray="5 5"
          d="M82 86V54a18 18 0 0 1 36 0v32Z"
        />
      </svg>
      <h1 className="text-2xl">{t('problem.notFound.title')}</h1>
      <p className="mt-4 text-ink-soft">{t('problem.notFound.detail')}</p>
      <p className="mt-8">
        <ButtonLink href="/">{t('problem.home')}</ButtonLink>
      </p>
    </div>
  );
}
