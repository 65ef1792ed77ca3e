import { classes } from '@/components/ui/classes';

interface Props {
  cover: { assetId: string; alt: string } | null;
  /** Chooses the drawing where there is no picture: the same course always has the same one. */
  seed: string;
  className?: string;
}

/** A course's picture; arches in the tenant's colours where it has none. */
export function Cover({ cover, seed, className }: Props) {
  if (cover) {
    return (
      // biome-ignore lint/performance/noImgElement: no image optimisation inside an instance
      <img
        src={`/assets/${cover.assetId}`}
        alt={cover.alt}
        width={640}
        height={320}
        loading="lazy"
        decoding="async"
        className={classes('aspect-2/1 w-full bg-sunken object-cover', className)}
      />
    );
  }
  const open = [...seed].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 4;
  return (
    <svg
      viewBox="0 0 320 160"
      className={classes('aspect-2/1 w-full bg-brand-soft', className)}
      fill="none"
      aria-hidden="true"
    >
      <path className="fill-accent" d={`M${26 + open * 72} 160v-62a26 26 0 0 1 52 0v62Z`} />
      <path
        className="fill-brand"
        fillRule="evenodd"
        d="M0 36h320v124h-14V98a26 26 0 0 0-52 0v62h-20V98a26 26 0 0 0-52 0v62h-20V98a26 26 0 0 0-52 0v62H78V98a26 26 0 0 0-52 0v62H0Z"
      />
    </svg>
  );
}
