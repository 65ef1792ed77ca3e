import { Icon } from '@/html/Icon';
import { buttonStyle } from './buttonStyle';
import { classes } from './classes';

interface Props {
  page: number;
  pageSize: number;
  total: number;
  /** Address of a page of the list, with the other filters kept. */
  href(page: number): string;
  label: string;
  previous: string;
  next: string;
  /** « Page 2 sur 7 ». */
  position: string;
}

/** Previous and next over a long list; nothing where everything fits on one page. */
export function Pagination({ page, pageSize, total, href, label, previous, next, position }: Props) {
  const last = Math.max(1, Math.ceil(total / pageSize));
  if (last === 1) return null;
  const style = classes(buttonStyle({ variant: 'secondary', size: 'small' }));
  return (
    <nav aria-label={label} className="flex items-center justify-center gap-4 pt-6 text-sm">
      {page > 1 && (
        <a rel="prev" className={style} href={href(page - 1)}>
          <Icon name="chevron-left" /> {previous}
        </a>
      )}
      <span className="text-ink-soft tabular-nums">{position}</span>
      {page < last && (
        <a rel="next" className={style} href={href(page + 1)}>
          {next} <Icon name="chevron-right" />
        </a>
      )}
    </nav>
  );
}
