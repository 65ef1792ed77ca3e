import type { ActivityPage } from '@preau/contract/tenant/learning';
import { Static } from '@/html/Static';
import type { Visit } from '@/server/visitor';
import { nextAction, nextStyle } from './next';
import { PlayerKeys } from './PlayerKeys';

/** The one thing to do now, at the end of an activity. */
export function NextAction({ page, visit: { t } }: { page: ActivityPage; visit: Visit }) {
  return (
    <>
      <Static className={nextStyle} content={nextAction(page, t, false, null)} />
      <PlayerKeys />
    </>
  );
}
