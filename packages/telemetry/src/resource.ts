import { randomUUID } from 'node:crypto';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';

const id = randomUUID();

/** What a process says of itself, with what OTEL_RESOURCE_ATTRIBUTES adds. */
export const resourceOf = (service: string) =>
  resourceFromAttributes({
    'service.namespace': 'preau',
    'service.name': service,
    'service.instance.id': id,
  }).merge(detectResources({ detectors: [envDetector] }));
