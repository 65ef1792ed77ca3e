import type { ActivityPage } from '@preau/contract/tenant/learning';
import type { ReactNode } from 'react';
import { Header } from '@/components/shell/Header';
import { Alert } from '@/components/ui/Alert';
import { Badge } from '@/components/ui/Badge';
import { buttonStyle } from '@/components/ui/Button';
import { Icon } from '@/html/Icon';
import { formatMinutes } from '@/i18n/format';
import type { Visit } from '@/server/visit';
import { PlayerOutline } from './PlayerOutline';

interface Props {
  page: ActivityPage;
  visit: Visit;
  title?: string;
  children: ReactNode;
}

/** An activity: the outline on the left, what one reads in the middle. */
export function Player({ page, visit, title, children }: Props) {
  const { t } = visit;
  const minutes = formatMinutes(page.minutes);
  return (
    <>
      <title>{`${page.title} · ${page.course.title} · ${visit.site.name}`}</title>
      <Header visit={visit} area="courses" wide />
      <div className="flex flex-1">
        <PlayerOutline page={page} visit={visit} />
        <main id="content" className="min-w-0 flex-1">
          <div className="flex items-center gap-3 border-b border-line px-4 py-2 lg:hidden">
            <button
              type="button"
              popoverTarget="outline"
              className={buttonStyle({ variant: 'secondary', size: 'small' })}
            >
              <Icon name="list-tree" /> {t('player.showOutline')}
            </button>
            <span className="truncate text-sm text-ink-soft">{page.course.title}</span>
          </div>
          <div className="mx-auto w-full max-w-[48rem] px-4 py-8 sm:px-8 sm:py-12">
            {page.preview && (
              <Alert tone="info" className="mb-6">
                {t('player.preview')}
              </Alert>
            )}
            <div className="mb-8">
              <p className="mb-2 flex flex-wrap items-center gap-3 text-sm text-ink-soft">
                <span>{page.type === 'quiz' ? t('course.quiz') : t('course.lesson')}</span>
                {minutes && <span>{t('player.minutes', { minutes })}</span>}
                {page.state === 'completed' && <Badge tone="success">{t('player.done')}</Badge>}
                {page.state === 'failed' && <Badge tone="warning">{t('quiz.notPassed')}</Badge>}
              </p>
              <h1 className="text-3xl">{title ?? page.title}</h1>
            </div>
            {children}
          </div>
        </main>
      </div>
    </>
  );
}
