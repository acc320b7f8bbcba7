import type { Catalogue } from '@tidings/catalogue';

/** Events of this system come through the API, from sources that people make. */
const API_SYSTEM = 'api';
const IBM_SYSTEM = 'ibm';

/** A source that every instance has from its start, disabled at first. */
export interface PredefinedSource {
  readonly id: string;
  readonly system: string;
  readonly name: string;
  readonly description: string;
  readonly type: string;
}

/** One for each system of the catalogue. */
export function predefinedSources(catalogue: Catalogue, instanceId: string): readonly PredefinedSource[] {
  return catalogue
    .systems()
    .filter(({ name }) => name !== API_SYSTEM)
    .map(({ name, title }) => ({
      id: `crn:v1:tidings:public:event-notifications:global:a/tidings:${instanceId}:source:${name}`,
      system: name,
      name: title,
      description: `Life-cycle events of ${title}.`,
      // As IBM calls its own.
      type: name === IBM_SYSTEM ? 'resource-lifecycle-events' : `${name}-lifecycle-events`,
    }));
}
