import 'server-only';
import { brandScale, brandStyle } from '@preau/design';

const MAX_KEPT = 8;
const styles = new Map<string, string>();

/** The tenant's colours and corners as a rule over the house's tokens; derived once per colour. */
export function themeStyle(colour: string, radius: number): string {
  const key = `${colour} ${radius}`;
  let style = styles.get(key);
  if (style === undefined) {
    style = `:root{${colours(colour)};--radius:${Math.min(Math.max(radius, 0), 20)}px}`;
    if (styles.size >= MAX_KEPT) styles.clear();
    styles.set(key, style);
  }
  return style;
}

function colours(colour: string): string {
  try {
    return brandStyle(brandScale(colour));
  } catch {
    return '--tenant:none';
  }
}
