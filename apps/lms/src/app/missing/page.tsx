import { NotFound } from '@/components/shell/NotFound';
import { Page } from '@/components/shell/Page';
import { instance } from '@/server/instance';
import { visit } from '@/server/visit';

/** What an address shows that names nothing: server/serve.ts sends it here. */
export default async function MissingPage() {
  const { t } = await visit();
  instance().answerStatus(404);
  return (
    <Page title={t('problem.notFound.title')} indexed={false}>
      <NotFound />
    </Page>
  );
}
