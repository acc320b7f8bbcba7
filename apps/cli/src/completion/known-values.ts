import type { ApiClient } from '../api/api-client.js';
import { ibmPagesOf, pagesOf } from '../api/pages.js';
import { ALL_FIELDS } from '../events/event-fields.js';
import {
  gathered,
  InstanceClient,
  INSTANCES_PATH,
  type NamedKind,
  type Resource,
} from '../notifications/instance-client.js';
import { textOf } from '../output/exact-json.js';
import type { ValuesOf } from './candidates.js';

/** A shell waits for it: what is not there by then is not offered. */
const PATIENCE_MS = 2_000;

const FIXED: Readonly<Record<string, readonly string[]>> = {
  'destination-type': ['webhook', 'event_streams', 'smtp_custom', 'slack'],
  field: ALL_FIELDS,
  outcome: ['succeeded', 'failed', 'scheduled', 'in_progress', 'cancelled'],
  permission: ['events:read', 'events:publish', 'dead-letters', 'notifications:admin', 'admin'],
  shell: ['bash', 'zsh', 'fish'],
  state: ['waiting', 'delivering', 'delivered', 'failed', 'cancelled'],
};

const NAMED: readonly NamedKind[] = ['sources', 'topics', 'destinations', 'subscriptions', 'templates'];

interface CatalogueEntry {
  readonly type: string;
  readonly nativeType: string;
  readonly system: string;
  readonly groups: readonly string[];
}

/** The values that the server knows, by the name of the placeholder; none where it cannot be asked. */
export function knownValues(connect: () => ApiClient): ValuesOf {
  return async (kind, partial) => {
    const singular = kind.endsWith('s') && !(kind in FIXED) ? kind.slice(0, -1) : kind;
    const fixed = FIXED[singular];
    if (fixed !== undefined) return fixed;
    try {
      const late = new Promise<readonly string[]>((resolve) => setTimeout(resolve, PATIENCE_MS, []).unref());
      return await Promise.race([askedFor(connect(), singular, partial), late]);
    } catch {
      return [];
    }
  };
}

async function askedFor(api: ApiClient, kind: string, partial: string): Promise<readonly string[]> {
  const named = NAMED.find((plural) => plural === `${kind}s`);
  if (named !== undefined) return namesOf((await InstanceClient.open(api, undefined)).pages(named, {}, Infinity));
  switch (kind) {
    case 'instance':
      return namesOf(ibmPagesOf(api, INSTANCES_PATH, 'instances', {}, Infinity));
    case 'token':
      return namesOf(pagesOf(api, '/api/tokens/', { active: 'true' }, Infinity));
    case 'connector':
      return (await api.get('/api/connectors/')).json<Resource[]>().map(({ name }) => textOf(name));
    case 'type':
      return (await catalogue(api)).map(({ type, nativeType }) => (partial.includes('.') ? type : nativeType));
    case 'system':
      return (await catalogue(api)).map(({ system }) => system);
    case 'group':
      return (await catalogue(api)).flatMap(({ groups }) => groups);
    default:
      return [];
  }
}

async function catalogue(api: ApiClient): Promise<CatalogueEntry[]> {
  return (await api.get('/api/catalogue/')).json();
}

async function namesOf(pages: AsyncIterable<readonly Resource[]>): Promise<string[]> {
  return (await gathered(pages)).map(({ name }) => textOf(name));
}
