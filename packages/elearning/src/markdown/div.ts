import type { CalloutTone } from '../richText.ts';

export interface Div {
  kind: 'div';
  name: string;
  title: string;
  line: number;
}

type Kind = { tone: CalloutTone; folded: boolean } | 'instructor' | 'transparent' | 'unknown';

const open = (tone: CalloutTone): Kind => ({ tone, folded: false });
const folded = (tone: CalloutTone): Kind => ({ tone, folded: true });

/** What the dialects call their blocks. */
const KINDS: Record<string, Kind> = {
  callout: open('note'),
  note: open('note'),
  info: open('note'),
  prereq: open('note'),
  prerequisites: open('note'),
  checklist: open('note'),
  testimonial: open('note'),
  admonition: open('note'),
  abstract: open('note'),
  example: open('note'),
  seealso: open('note'),
  tip: open('tip'),
  success: open('tip'),
  important: open('warning'),
  warning: open('warning'),
  caution: open('warning'),
  attention: open('warning'),
  danger: open('warning'),
  error: open('warning'),
  challenge: open('exercise'),
  exercise: open('exercise'),
  discussion: open('exercise'),
  solution: folded('solution'),
  answer: folded('solution'),
  hint: folded('tip'),
  spoiler: folded('note'),
  details: folded('note'),
  objectives: open('objectives'),
  questions: open('questions'),
  keypoints: open('keypoints'),
  instructor: 'instructor',
  div: 'transparent',
  tab: 'transparent',
  'tab-set': 'transparent',
  'tab-item': 'transparent',
  'group-tab': 'transparent',
  columns: 'transparent',
  column: 'transparent',
  center: 'transparent',
  figure: 'transparent',
  main: 'transparent',
};

/** What becomes of a fenced block of this name: a callout of a tone, nothing, only its contents, or unknown. */
export function kindOfDiv(name: string): Kind {
  const bare = name.replace(/^callout-/, '');
  return Object.hasOwn(KINDS, bare) ? (KINDS[bare] ?? 'unknown') : 'unknown';
}
