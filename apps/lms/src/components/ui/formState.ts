/** What a form's action answers, see src/server/form.ts. Nothing at all: everything went well. */
export interface FormState {
  problem?: { detail: string; reference: string; name: string };
  /** By field name, to be shown beside the field. */
  errors?: Record<string, string>;
  /** What was typed, except secrets. */
  values?: Record<string, string>;
  /** What went well, in words. */
  notice?: string;
}

export type FormAction = (state: FormState, form: FormData) => Promise<FormState>;
