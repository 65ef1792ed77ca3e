import { belongsTo } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/** A file's record. Its bytes lie under `DATA_DIR/files/<tenant>/`, never under a path a visitor chose. */
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
    belongsTo('uploadedBy', 'users', { optional: true }),
  ],
  indexes: [{ fields: ['checksum'] }, { fields: ['createdAt'] }],
});
