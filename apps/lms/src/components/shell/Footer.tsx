import { instance } from '@/server/instance';
import type { Visit } from '@/server/visit';

export function Footer({ visit: { site, t } }: { visit: Visit }) {
  return (
    <footer className="mt-auto border-t border-line">
      <div className="page flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-6 text-sm text-ink-soft">
        <p>{site.name}</p>
        <p className="flex flex-wrap gap-x-6 gap-y-2">
          <a href="/verify" className="text-ink-soft hover:text-ink">
            {t('shell.verify')}
          </a>
          <a href={instance().publicUrl} className="text-ink-soft hover:text-ink">
            {t('shell.poweredBy')}
          </a>
        </p>
      </div>
    </footer>
  );
}
