import { definePolicy } from './policy.ts';
import { permits } from './viewer.ts';

/** What the rules about an asset look at. */
export interface AssetFacts {
  /** The platform's logo, or the cover of a course that the viewer may see. */
  shown: boolean;
  /** In a version that the viewer is enrolled in. */
  studied: boolean;
  /** The viewer uploaded it, or a course of theirs shows it. */
  own: boolean;
}

export const can = definePolicy(
  'asset',
  (viewer, verb: 'download' | 'original' | 'upload', asset: AssetFacts) => {
    if (verb === 'upload')
      return permits(viewer, 'course.write', { own: true }) || permits(viewer, 'settings.write');
    // What a camera noted beside a picture is the authors' matter.
    if (verb === 'original') return (viewer !== null && asset.own) || permits(viewer, 'course.read');
    return asset.shown || (viewer !== null && (asset.studied || asset.own)) || permits(viewer, 'course.read');
  },
);

/** The facts of a file that nobody has uploaded yet. */
export const NEW_ASSET: AssetFacts = { shown: false, studied: false, own: false };
