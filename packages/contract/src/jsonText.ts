import { z } from 'zod';

/** Text that is JSON, as what it says: `jsonText.pipe(schema)`. Text that is none is an issue, never an exception. */
export const jsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'is not JSON' });
    return z.NEVER;
  }
});
