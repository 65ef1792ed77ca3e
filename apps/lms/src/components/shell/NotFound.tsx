import { Static } from '@/html/Static';
import { visit } from '@/server/visit';
import { notFound } from './refusal';

/** What does not exist, or is not for this person. */
export async function NotFound() {
  const { t } = await visit();
  return <Static content={notFound(t)} />;
}
