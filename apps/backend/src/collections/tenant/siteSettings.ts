import { belongsTo, oneOf } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/** How a platform looks and whom it lets in; one row a tenant. */
export const siteSettings = tenantCollection({
  slug: 'siteSettings',
  title: 'name',
  fields: [
    { name: 'name', type: 'text', required: true },
    { name: 'brandColour', type: 'text', required: true, defaultValue: '#1f6b4f' },
    { name: 'radius', type: 'number', required: true, defaultValue: 10 },
    belongsTo('logo', 'assets', { optional: true }),
    oneOf('locale', ['fr', 'en'], 'fr'),
    oneOf('catalogue', ['public', 'private'], 'private'),
    oneOf('registration', ['open', 'invitation'], 'invitation'),
    { name: 'welcome', type: 'textarea' },
    { name: 'certificateSignatory', type: 'text' },
    { name: 'certificateWording', type: 'textarea' },
  ],
  indexes: [{ fields: [], unique: true }],
});
