import type { ReactNode } from 'react';
import { ReadOnly } from '@/components/ui/ReadOnly';
import { Static } from '@/html/Static';
import { visit as currentVisit, type Visit } from '@/server/visit';
import type { Area } from './bar';
import { Footer } from './Footer';
import { Header } from './Header';
import { described, windowTitle } from './head';
import { notice } from './notice';

interface Props {
  title: string;
  /** What search engines say of the page. */
  description?: string;
  /** False for pages about a person. */
  indexed?: boolean;
  area?: Area;
  children: ReactNode;
}

/** Whether a support session may look and do no more. */
const isReadOnly = ({ user }: Visit) =>
  user?.support?.scope === 'settings' || user?.support?.scope === 'courses';

/** A page of the platform between its header and its footer. */
export async function Page({ title, description, indexed = true, area = 'none', children }: Props) {
  const visit = await currentVisit();
  const said = notice(visit);
  return (
    <>
      <title>{windowTitle(title, visit.site)}</title>
      {description && <meta name="description" content={described(description)} />}
      {!indexed && visit.site.catalogue === 'public' && <meta name="robots" content="noindex" />}
      <Header visit={visit} area={area} />
      <main id="content" className="page py-8 sm:py-12">
        {said && <Static content={said} />}
        {isReadOnly(visit) ? <ReadOnly>{children}</ReadOnly> : children}
      </main>
      <Footer visit={visit} />
    </>
  );
}
