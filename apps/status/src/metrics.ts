import { type Family, Histogram, processFamilies } from '@preau/contract/metrics';
import type { ComponentName, Finding, History } from './history.ts';

/** What the status page knows, for Prometheus: the view from outside. */
export class Metrics {
  readonly #seconds = new Histogram('component', 'finding');
  readonly #process = processFamilies();

  observe(component: ComponentName, finding: Finding, seconds: number): void {
    this.#seconds.observe({ component, finding }, seconds);
  }

  families(history: History, components: readonly ComponentName[]): Family[] {
    const looked = components.map((component) => ({ component, ...history.component(component) }));
    return [
      {
        name: 'preau_status_component_up',
        help: '0 while the page tells of an outage.',
        type: 'gauge',
        samples: looked
          .filter(({ state }) => state !== 'unknown')
          .map(({ component, state }) => ({ labels: { component }, value: state === 'bad' ? 0 : 1 })),
      },
      {
        name: 'preau_status_checked_timestamp_seconds',
        help: 'When a component was last looked at, since 1970.',
        type: 'gauge',
        samples: looked.flatMap(({ component, checkedAt }) =>
          checkedAt === null ? [] : [{ labels: { component }, value: Date.parse(checkedAt) / 1000 }],
        ),
      },
      {
        name: 'preau_status_probe_seconds',
        help: 'How long looks took, by what they found.',
        type: 'histogram',
        samples: this.#seconds.samples(),
      },
      ...this.#process(),
    ];
  }
}
