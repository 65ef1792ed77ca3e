import { Static } from '@/html/Static';
import type { Visit } from '@/server/visitor';
import { foot } from './foot';

export function Footer({ visit }: { visit: Visit }) {
  return <Static as="footer" className="footer" content={foot(visit)} />;
}
