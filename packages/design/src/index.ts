export { type BrandScale, type BrandTones, brandScale, brandStyle, parseBrandColour } from './brandScale.ts';
