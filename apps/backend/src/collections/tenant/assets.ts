import { belongsTo, oneOf } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/**
 * A file's record. Its bytes lie in the store under `files/<tenant>/`, never under a path a visitor chose.
 * `variants` are the sizes a picture is shown in (null: not made yet; empty: it cannot be shown).
 */
export const assets = tenantCollection({
  slug: 'assets',
  title: 'name',
  fields: [
    { name: 'name', type: 'text', required: true },
    { name: 'mime', type: 'text', required: true },
    { name: 'bytes', type: 'number', required: true },
    { name: 'checksum', type: 'text', required: true },
    { name: 'path', type: 'text', required: true },
    { name: 'width', type: 'number' },
    { name: 'height', type: 'number' },
    { name: 'alt', type: 'text', required: true, defaultValue: '' },
    { name: 'variants', type: 'json' },
    oneOf('scan', ['unscanned', 'pending', 'clean', 'infected', 'failed'], 'unscanned'),
    { name: 'threat', type: 'text' },
    { name: 'scannedAt', type: 'date' },
    belongsTo('uploadedBy', 'users', { optional: true }),
  ],
  indexes: [{ fields: ['checksum'] }, { fields: ['scan'] }, { fields: ['createdAt'] }],
});
