import { belongsTo } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/**
 * A zip of web pages, unpacked: `files` names, by their path in the zip, what lies where in the store. `scannedAt` is
 * empty for one that came while there was no scanner.
 */
export const contentPackages = tenantCollection({
  slug: 'contentPackages',
  title: 'name',
  fields: [
    { name: 'name', type: 'text', required: true },
    { name: 'checksum', type: 'text', required: true },
    { name: 'bytes', type: 'number', required: true },
    { name: 'entry', type: 'text', required: true },
    { name: 'files', type: 'json', required: true },
    { name: 'scannedAt', type: 'date' },
    belongsTo('uploadedBy', 'users', { optional: true }),
  ],
});
