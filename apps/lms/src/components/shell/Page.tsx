import type { ReactNode } from 'react';
import { Alert } from '@/components/ui/Alert';
import { visit as currentVisit } from '@/server/visit';
import type { Area } from './bar';
import { Footer } from './Footer';
import { Header } from './Header';

const MAX_DESCRIPTION = 160;

interface Props {
  title: string;
  /** What search engines say of the page. */
  description?: string;
  /** False for pages about a person. */
  indexed?: boolean;
  area?: Area;
  children: ReactNode;
}

/** A page of the platform between its header and its footer. */
export async function Page({ title, description, indexed = true, area = 'none', children }: Props) {
  const visit = await currentVisit();
  return (
    <>
      <title>{`${title} · ${visit.site.name}`}</title>
      {description && <meta name="description" content={description.slice(0, MAX_DESCRIPTION)} />}
      {!indexed && visit.site.catalogue === 'public' && <meta name="robots" content="noindex" />}
      <Header visit={visit} area={area} />
      <main id="content" className="page py-8 sm:py-12">
        {visit.site.state === 'read-only' && (
          <Alert tone="warning" className="mb-8">
            {visit.t('shell.readOnly')}
          </Alert>
        )}
        {children}
      </main>
      <Footer visit={visit} />
    </>
  );
}
