import type { ReactNode } from 'react';
import { Page } from '@/components/shell/Page';
import { visit as currentVisit } from '@/server/visit';
import { Tabs } from '@/studio/tabs';

export type AdminPart = 'people' | 'settings';

/** What every page of the administration has: its name and its parts. */
export async function AdminFrame({ part, children }: { part: AdminPart; children: ReactNode }) {
  const { t } = await currentVisit();
  return (
    <Page area="administration" title={t(`admin.tabs.${part}`)} indexed={false}>
      <h1 className="mb-6 text-3xl">{t('admin.title')}</h1>
      <Tabs
        label={t('admin.tabs.label')}
        tabs={(['people', 'settings'] as const).map((name) => ({
          href: `/admin/${name}`,
          label: t(`admin.tabs.${name}`),
          current: name === part,
        }))}
      />
      {children}
    </Page>
  );
}
