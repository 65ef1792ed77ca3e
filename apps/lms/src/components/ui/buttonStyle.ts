export interface ButtonStyle {
  variant?: 'primary' | 'secondary' | 'quiet' | 'link' | 'danger';
  size?: 'small' | 'medium' | 'large' | 'icon';
}

/** The classes of a button, for an element that is one without being `<Button>`. */
export const buttonStyle = ({ variant = 'primary', size = 'medium' }: ButtonStyle = {}) =>
  `button button-${size} button-${variant}`;
