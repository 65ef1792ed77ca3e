import { operationType } from '@preau/contract/platform/instances';
import * as m from '#lib/paraglide/messages.js';
import { operationLabel } from '#lib/platformState.ts';
import { readFields, refusalOf, refuse } from './form.ts';
import { requireId } from './staff.ts';

const MIN_REASON = 3;

/** Opens an operation on an instance as staff, from a form with `type`, `reason` and, to delete, `confirmation`. */
export async function operateAsStaff(locals: App.Locals, request: Request, instanceId?: string) {
  const typed = await readFields(request, ['instanceId', 'type', 'reason', 'slug', 'confirmation']);
  const values = { type: typed.type, reason: typed.reason };
  // A restore names its backup: it has a form of its own.
  const type = operationType.exclude(['restore', 'trial']).safeParse(typed.type);
  const errors: Record<string, string> = {};
  if (!type.success) errors.type = m.required_field();
  if (typed.reason.trim().length < MIN_REASON) errors.reason = m.admin_reason_needed();
  if (type.data === 'delete' && typed.confirmation.trim().toLowerCase() !== typed.slug) {
    errors.confirmation = m.admin_delete_confirm({ slug: typed.slug });
  }
  if (!type.success || Object.keys(errors).length > 0) {
    return refuse(values, errors, Object.values(errors)[0] ?? m.form_check_fields());
  }
  try {
    await locals.staffApi.adminRequestOperation({
      params: { instanceId: instanceId ?? requireId(typed.instanceId) },
      body: { type: type.data, reason: typed.reason },
    });
  } catch (error) {
    return refusalOf(error, values);
  }
  return { done: m.admin_operation_opened({ operation: operationLabel(type.data) }) };
}
