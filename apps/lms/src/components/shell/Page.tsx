import type { ReactNode } from 'react';
import { Alert } from '@/components/ui/Alert';
import { visit as currentVisit } from '@/server/visit';
import { Footer } from './Footer';
import { type Area, Header } from './Header';

/** A page of the platform between its header and its footer. */
export async function Page({ area = 'none', children }: { area?: Area; children: ReactNode }) {
  const visit = await currentVisit();
  return (
    <>
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
