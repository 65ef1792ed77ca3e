import { operations } from '@preau/contract';
import type { StaffMember } from '@preau/contract/platform/staff';
import { error, redirect } from '@sveltejs/kit';
import type { z } from 'zod';
import * as m from '#lib/paraglide/messages.js';
import { localizeHref } from '#lib/paraglide/runtime.js';

/** The member of staff behind a request; whoever is none is sent to sign in. */
export async function requireStaff({ locals, url }: { locals: App.Locals; url: URL }): Promise<StaffMember> {
  const staff = await locals.staff();
  if (!staff) {
    redirect(303, `${localizeHref('/admin/sign-in')}?next=${encodeURIComponent(url.pathname + url.search)}`);
  }
  return staff;
}

/** The filters and the page number in an address; what the operation would refuse counts as not given. */
export function readQuery<Schema extends z.ZodObject>(schema: Schema, url: URL): z.output<Schema> {
  const given: Record<string, string> = {};
  for (const [name, field] of Object.entries(schema.shape)) {
    const text = url.searchParams.get(name)?.trim();
    if (text && (field as z.ZodType).safeParse(text).success) given[name] = text;
  }
  return schema.parse(given);
}

/** The id of a form's row, or the refusal of a form that nobody could have sent by hand. */
export function requireId(text: string): string {
  if (!operations.replayInboxEntry.params.shape.entryId.safeParse(text).success)
    error(400, m.error_malformed());
  return text;
}
