import { belongsTo } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/** Which published versions show an asset: whoever may read the version may download it. */
export const assetUses = tenantCollection({
  slug: 'assetUses',
  title: 'id',
  fields: [belongsTo('asset', 'assets'), belongsTo('version', 'courseVersions')],
  indexes: [{ fields: ['asset', 'version'], unique: true }],
});
