import type { App } from '../app.ts';
import { seedPlans } from './plans.ts';
import { seedDemo } from './platform.ts';

/** What every start makes sure of: the offer, and the demonstration where it is wanted. */
export async function seed(app: App): Promise<void> {
  await seedPlans(app.db({ kind: 'platform' }));
  if (app.settings.SEED_DEMO) await seedDemo(app);
}
