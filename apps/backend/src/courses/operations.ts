import { operations } from '@preau/contract';
import { type Implementation, implement } from '../http/implement.ts';
import { frameAddress } from '../packages/address.ts';
import { viewerOf } from '../policies/viewer.ts';
import { readActivityPage } from './activity.ts';
import { readCoursePage } from './page.ts';

export const courseOperations: Implementation[] = [
  implement(operations.getCourse, ({ db, caller, params }) =>
    readCoursePage(db, viewerOf(caller), params.slug),
  ),
  implement(operations.getActivity, ({ app, db, caller, params, locale }) =>
    readActivityPage(db, caller.user, params.activityId, locale, ({ packageId, entry, slug }) =>
      frameAddress(
        app.settings,
        slug,
        {
          t: caller.tenantId,
          a: params.activityId,
          p: packageId,
          u: caller.user.id,
          s: caller.sessionId,
        },
        entry,
      ),
    ),
  ),
];
