/** The look of every field one types into (ui.css). */
export const inputStyle = 'input';
