/**
 * Joins class names. A utility always wins over the component class beside it (ui.css); two utilities of one kind do
 * not know of each other, so name only one.
 */
export const classes = (...names: (string | false | null | undefined)[]) => names.filter(Boolean).join(' ');
