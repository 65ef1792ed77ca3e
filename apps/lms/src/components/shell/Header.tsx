import { Static } from '@/html/Static';
import type { Visit } from '@/server/visitor';
import { type Area, bar } from './bar';

/** The bar at the top of every page. */
export function Header({ visit, area, wide = false }: { visit: Visit; area: Area; wide?: boolean }) {
  return <Static as="header" className="header" content={bar(visit, area, wide)} />;
}
