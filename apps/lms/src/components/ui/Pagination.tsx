import { pagination } from '@/html/parts';
import { Static } from '@/html/Static';

/** Previous and next over a long list, on a page that React draws. */
export function Pagination(list: Parameters<typeof pagination>[0]) {
  const drawn = pagination(list);
  return drawn && <Static content={drawn} />;
}
