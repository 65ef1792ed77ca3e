import type { OnboardingDraft } from '@preau/contract/platform/organisations';
import { redirect } from '@sveltejs/kit';
import { localizeHref } from '#lib/paraglide/runtime.js';

export const steps = ['organisation', 'subdomain', 'plan', 'branding', 'summary'] as const;
export type Step = (typeof steps)[number];

export const stepHref = (step: Step) => localizeHref(`/start/${step}`);

/** The first step that still lacks its answer. */
export function firstOpenStep(draft: OnboardingDraft): Step {
  if (!draft.organisationId) return 'organisation';
  if (!draft.slug) return 'subdomain';
  if (!draft.priceId) return 'plan';
  if (!draft.branding?.name || !draft.branding.colour) return 'branding';
  return 'summary';
}

/** The answers so far; sends back whoever skipped ahead. */
export async function draftFor(locals: App.Locals, step: Step): Promise<OnboardingDraft> {
  const draft = await locals.api.getOnboarding();
  const open = firstOpenStep(draft);
  if (steps.indexOf(step) > steps.indexOf(open)) redirect(303, stepHref(open));
  return draft;
}

/** Keeps an answer and goes on: to the summary when one came from there, to the first open step otherwise. */
export async function keepAndGoOn(
  locals: App.Locals,
  draft: OnboardingDraft,
  answer: Partial<OnboardingDraft>,
  from: Step,
): Promise<never> {
  const kept = { ...draft, ...answer };
  const next = steps[steps.indexOf(from) + 1] ?? 'summary';
  const open = firstOpenStep(kept);
  const to = open === 'summary' && draft.step === 'summary' ? 'summary' : next;
  await locals.api.saveOnboarding({ body: { ...kept, step: to } });
  redirect(303, stepHref(to));
}

/** The answers became a platform: the next one begins anew, in the same organisation. */
export async function forgetAnswers(locals: App.Locals, slug: string): Promise<void> {
  const draft = await locals.api.getOnboarding();
  if (draft.slug !== slug) return;
  const { organisationId } = draft;
  await locals.api.saveOnboarding({
    body: { step: 'subdomain', organisationId, slug: null, priceId: null, addOnPriceIds: [], branding: null },
  });
}
