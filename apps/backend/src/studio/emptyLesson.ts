import type { RichText } from '@preau/contract/tenant/content';

const block = { version: 1, format: '', indent: 0, direction: null };

/** One empty paragraph: what an editor opens with. */
export const emptyLesson: RichText = {
  root: {
    type: 'root',
    ...block,
    children: [{ type: 'paragraph', ...block, textFormat: 0, textStyle: '', children: [] }],
  },
};
