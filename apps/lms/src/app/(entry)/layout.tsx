import type { ReactNode } from 'react';
import { Footer } from '@/components/shell/Footer';
import { Header } from '@/components/shell/Header';
import { visit as currentVisit } from '@/server/visit';

/** Pages of somebody who is not inside yet: one thing to do, in the middle. */
export default async function EntryLayout({ children }: { children: ReactNode }) {
  const visit = await currentVisit();
  return (
    <>
      <Header visit={visit} area="none" />
      <main id="content" className="page grid flex-1 place-items-center py-10 sm:py-16">
        <div className="w-full max-w-md">
          <svg viewBox="0 0 448 40" className="block w-full" fill="none" aria-hidden="true">
            <path className="fill-brand" d="M0 12a8 8 0 0 1 8-8h432a8 8 0 0 1 8 8v8H0z" />
            <path className="fill-brand" d="M16 20h12v20H16zM420 20h12v20h-12z" />
            <path className="fill-accent" d="M212 20h24v6h-24z" />
          </svg>
          <div className="mx-4 rounded-b-xl border-x border-b border-line bg-surface px-5 pt-8 pb-8 sm:px-8">
            {children}
          </div>
        </div>
      </main>
      <Footer visit={visit} />
    </>
  );
}
