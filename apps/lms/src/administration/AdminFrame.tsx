import { holds } from '@preau/contract/permission';
import type { ReactNode } from 'react';
import { Page } from '@/components/shell/Page';
import { visit as currentVisit } from '@/server/visit';
import { Tabs } from '@/studio/tabs';
import { type AdminPart, parts } from './parts';

/** What every page of the administration has: its name and the parts that its visitor may enter. */
export async function AdminFrame({ part, children }: { part: AdminPart; children: ReactNode }) {
  const { t, user } = await currentVisit();
  return (
    <Page area="administration" title={t(`admin.tabs.${part}`)} indexed={false}>
      <h1 className="mb-6 text-3xl">{t('admin.title')}</h1>
      <Tabs
        label={t('admin.tabs.label')}
        tabs={parts
          .filter(({ needed }) => user && holds(user.grants, needed))
          .map(({ name }) => ({
            href: `/admin/${name}`,
            label: t(`admin.tabs.${name}`),
            current: name === part,
          }))}
      />
      {children}
    </Page>
  );
}
