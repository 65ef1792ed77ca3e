import type { ActivityPage } from '@preau/contract/tenant/learning';
import type { ReactNode } from 'react';
import { Header } from '@/components/shell/Header';
import { windowTitle } from '@/components/shell/head';
import { Static } from '@/html/Static';
import type { Visit } from '@/server/visitor';
import { barStyle, columnStyle, heading, outline, outlineBar, outlineStyle, titleOf } from './frame';

interface Props {
  page: ActivityPage;
  visit: Visit;
  children: ReactNode;
}

/** An activity that React draws, between the pieces of frame.ts. */
export function Player({ page, visit, children }: Props) {
  return (
    <>
      <title>{windowTitle(titleOf(page), visit.site)}</title>
      <Header visit={visit} area="courses" wide />
      <div className="flex flex-1">
        <Static
          as="nav"
          id="outline"
          popover="auto"
          aria-label={visit.t('player.outline')}
          className={outlineStyle}
          content={outline(page, visit)}
        />
        <main id="content" className="min-w-0 flex-1">
          <Static className={barStyle} content={outlineBar(page, visit)} />
          <div className={columnStyle}>
            <Static content={heading(page, visit)} />
            {children}
          </div>
        </main>
      </div>
    </>
  );
}
