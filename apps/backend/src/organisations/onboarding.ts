import { type OnboardingDraft, onboardingDraft } from '@preau/contract/platform/organisations';
import type { Db } from '../database/db.ts';

const beginning: OnboardingDraft = {
  step: 'organisation',
  organisationId: null,
  slug: null,
  priceId: null,
  addOnPriceIds: [],
  branding: null,
};

/** Where an account left its onboarding; the beginning where it left nothing that we still understand. */
export async function readOnboarding(db: Db, accountId: string): Promise<OnboardingDraft> {
  const { onboarding } = await db.one<{ onboarding: unknown }>(
    'SELECT onboarding FROM accounts WHERE id = $1',
    [accountId],
  );
  const draft = onboardingDraft.safeParse(onboarding);
  return draft.success ? draft.data : beginning;
}

export async function saveOnboarding(
  db: Db,
  accountId: string,
  draft: OnboardingDraft,
): Promise<OnboardingDraft> {
  await db.query('UPDATE accounts SET onboarding = $2, updated_at = now() WHERE id = $1', [
    accountId,
    JSON.stringify(draft),
  ]);
  return draft;
}
