import { customerUuid, CUSTOMERS, projectUuid, RARE_WORD, USERS, userUuid, zipf } from './store-templates.js';

/** A question as clients ask it, with different values each time. */
export interface Shape {
  readonly name: string;
  /** Paths of lists; the values are as skewed as the events are. */
  readonly paths: readonly string[];
  /** Whether it is a part of the store that is asked for, for which an index or the newest events are enough. */
  readonly isSelective: boolean;
}

export const PAGE = 10;
const VARIANTS = 12;
const DAY = 86_400;
const DAYS = 90;

const TYPES = [
  'resource_creation_succeeded',
  'resource_start_succeeded',
  'project_creation_succeeded',
  'invoice_paid',
  'instance-started',
  'ssh_key_creation_succeeded',
];
const GROUPS = ['customers', 'projects', 'resources', 'ssh', 'invoices', 'auth'];
const SYSTEMS = ['waldur', 'lxd', 'cds', 'ibm'];
const COMMON_WORDS = ['university', 'has been created', 'virtual machine', 'ticket', 'customer', 'resource'];

/** @param loadedAt Unix seconds of the newest event of the store */
export function shapes(loadedAt: number): readonly Shape[] {
  const random = randoms();
  const skewed = (count: number): number => zipf(count, random());
  const one = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? '';
  const ticket = (): string => `ticket ${10_000 + Math.floor(random() * 10_000)}`;
  const parts = {
    customer: () => `customer_uuid=${customerUuid(skewed(CUSTOMERS))}`,
    project: () => `project_uuid=${projectUuid(skewed(CUSTOMERS), Math.floor(random() * 5))}`,
    user: () => `user_uuid=${userUuid(skewed(USERS))}`,
    type: () => `event_type=${one(TYPES)}`,
    group: () => `feature=${one(GROUPS)}`,
    system: () => `system=${one(SYSTEMS)}`,
    'time window': () => {
      const from = Math.floor(loadedAt - DAY * (1 + random() * (DAYS - 3)));
      return `created_from=${from}&created_to=${from + DAY}`;
    },
  };
  const names = Object.keys(parts) as (keyof typeof parts)[];
  const pairs = names.flatMap((a, index) => names.slice(index + 1).map((b) => [a, b] as const));
  const shape = (name: string, query: () => string, isSelective = true): Shape => ({
    name,
    paths: [...new Set(Array.from({ length: VARIANTS }, () => listPath(query())))],
    isSelective,
  });
  return [
    shape('newest page', () => ''),
    ...names.map((name) => shape(name, parts[name])),
    ...pairs.map(([a, b]) => shape(`${a} + ${b}`, () => `${parts[a]()}&${parts[b]()}`)),
    shape('message, a word of few', () => `message=${RARE_WORD}`),
    shape('message, some', () => `message=${encodeURIComponent(ticket())}`),
    shape('message, a common word', () => `message=${encodeURIComponent(one(COMMON_WORDS))}`, false),
    shape('message, a word of none', () => `message=${RARE_WORD}${Math.floor(random() * 1e6)}`),
    shape('q, a word of few', () => `q=${RARE_WORD}`),
    shape('q, some', () => `q=${userUuid(skewed(USERS)).slice(0, 12)}`),
    shape('q, a common word', () => `q=${encodeURIComponent(one(COMMON_WORDS))}`, false),
    shape('q + customer', () => `q=${encodeURIComponent(one(COMMON_WORDS))}&${parts.customer()}`),
  ];
}

/** The list of the newest of what the parameters choose. */
export function listPath(query: string): string {
  return `/api/events/?page_size=${PAGE}${query === '' ? '' : `&${query}`}`;
}

/** The same numbers in each run, so that runs can be compared. */
function randoms(): () => number {
  let state = 20_261_121;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
