import { classes } from '@/components/ui/classes';

interface Tab {
  href: string;
  label: string;
  current: boolean;
}

/** Parts of something, as links. */
export function Tabs({ label, tabs }: { label: string; tabs: Tab[] }) {
  return (
    <nav aria-label={label} className="mb-8 flex flex-wrap border-b border-line sm:gap-1">
      {tabs.map((tab) => (
        <a
          key={tab.href}
          href={tab.href}
          aria-current={tab.current ? 'page' : undefined}
          className={classes(
            '-mb-px border-b-2 px-1.5 whitespace-nowrap py-2 text-sm font-semibold no-underline sm:px-3',
            tab.current
              ? 'border-brand text-brand-text'
              : 'border-transparent text-ink-soft hover:border-line-strong hover:text-ink',
          )}
        >
          {tab.label}
        </a>
      ))}
    </nav>
  );
}
