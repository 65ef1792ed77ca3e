import type { Field } from 'payload';
import { currentScope } from '../database/scope.ts';

/**
 * Whose row it is. Filled from the scope, whatever was sent, and never changed. In SQL the column may be left
 * out: its default is the tenant that the connection is bound to (`database/isolation.ts`).
 */
export function tenantField(): Field {
  return {
    name: 'tenant',
    type: 'relationship',
    relationTo: 'tenants',
    required: true,
    index: true,
    access: { update: () => false },
    hooks: {
      beforeValidate: [
        ({ operation, originalDoc, value }) => {
          if (operation !== 'create') return originalDoc?.tenant ?? value;
          const scope = currentScope();
          return scope.kind === 'tenant' ? scope.tenantId : value;
        },
      ],
    },
  };
}
