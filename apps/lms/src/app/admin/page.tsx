import { holds } from '@preau/contract/permission';
import { redirect } from 'next/navigation';
import { ADMINISTRATION, parts } from '@/administration/parts';
import { administratorVisit } from '@/studio/author';

export default async function AdminPage() {
  const { user } = await administratorVisit('/admin', ADMINISTRATION);
  const first = parts.find(({ needed }) => user && holds(user.grants, needed));
  redirect(first ? `/admin/${first.name}` : '/');
}
