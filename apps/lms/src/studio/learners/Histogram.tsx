import { visit as currentVisit } from '@/server/visit';

const BAR = 26;
const GAP = 6;
const HEIGHT = 90;

/** Learners by progress, in ten steps: drawn on the server, readable as a list. */
export async function Histogram({ counts }: { counts: number[] }) {
  const { t } = await currentVisit();
  const most = Math.max(1, ...counts);
  const words = counts.map((count, index) =>
    t('learners.chartBar', { from: index * 10, to: (index + 1) * 10, count }),
  );
  return (
    <figure>
      <figcaption className="mb-3 text-sm font-semibold">{t('learners.chart')}</figcaption>
      <svg
        viewBox={`0 0 ${counts.length * (BAR + GAP)} ${HEIGHT + 34}`}
        className="w-full max-w-sm text-ink-soft"
        role="img"
        aria-label={words.join(' ; ')}
      >
        {counts.map((count, index) => {
          const height = Math.round((count / most) * HEIGHT);
          const x = index * (BAR + GAP);
          return (
            <g key={words[index]}>
              <rect
                x={x}
                y={HEIGHT + 14 - Math.max(height, 2)}
                width={BAR}
                height={Math.max(height, 2)}
                rx="3"
                className={count > 0 ? 'fill-brand' : 'fill-line'}
              />
              {count > 0 && (
                <text
                  x={x + BAR / 2}
                  y={HEIGHT + 9 - height}
                  textAnchor="middle"
                  fontSize="11"
                  fill="currentColor"
                >
                  {count}
                </text>
              )}
              <text x={x + BAR / 2} y={HEIGHT + 29} textAnchor="middle" fontSize="10" fill="currentColor">
                {(index + 1) * 10}
              </text>
            </g>
          );
        })}
      </svg>
    </figure>
  );
}
