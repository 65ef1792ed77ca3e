import { isAuthor, type Viewer } from './viewer.ts';

/** What the rules about an asset look at. */
export interface AssetFacts {
  /** The platform's logo, or the cover of a course that the viewer may see. */
  shown: boolean;
  /** In a version that the viewer is enrolled in. */
  studied: boolean;
}

export function can(viewer: Viewer, verb: 'download' | 'upload', asset: AssetFacts): boolean {
  if (isAuthor(viewer)) return true;
  return verb === 'download' && (asset.shown || (viewer !== null && asset.studied));
}
