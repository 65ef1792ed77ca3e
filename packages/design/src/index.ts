export {
  type BrandScale,
  type BrandTones,
  brandScale,
  brandStyle,
  contrastOf,
  parseBrandColour,
} from './brandScale.ts';
