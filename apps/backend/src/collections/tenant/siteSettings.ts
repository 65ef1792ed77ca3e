import { belongsTo, oneOf } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/** How a platform looks and whom it lets in; one row a tenant. */
export const siteSettings = tenantCollection({
  slug: 'siteSettings',
  title: 'name',
  fields: [
    { name: 'name', type: 'text', required: true },
    { name: 'colour', type: 'text', required: true, defaultValue: '#006a4e' },
    { name: 'radius', type: 'number', required: true, defaultValue: 10 },
    belongsTo('logo', 'assets', { optional: true }),
    /** The logo chosen when the platform was ordered, as a `data:` URL; an asset replaces it. */
    { name: 'logoData', type: 'textarea' },
    oneOf('locale', ['fr', 'en'], 'fr'),
    oneOf('catalogue', ['public', 'private'], 'private'),
    oneOf('registration', ['open', 'invitation'], 'invitation'),
    /** Whose sign-in needs a second factor. */
    oneOf('secondFactor', ['optional', 'administrators', 'everybody'], 'optional'),
    /** Until then, those who lack it are reminded; from then on nothing else is open to them. */
    { name: 'secondFactorFrom', type: 'date' },
    { name: 'certificateSignatory', type: 'text', required: true, defaultValue: '' },
    { name: 'certificateWording', type: 'textarea', required: true, defaultValue: '' },
  ],
  indexes: [{ fields: [], unique: true }],
});
