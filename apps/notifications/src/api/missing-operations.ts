import { INSTANCES_PATH } from './api-path.js';

/** What IBM has beside what is here, by the paths below an instance; and what there is instead. */
const MISSING: readonly (readonly [path: RegExp, what: string])[] = [
  [/^metrics(\/bounce)?$/, 'IBM’s metrics are; GET …/sources/{id}/metrics counts a source’s events'],
  [/^pre_defined_templates(\/[^/]+)?$/, 'Pre-defined templates are; POST …/templates makes your own'],
  [/^integrations(\/[^/]+)?$/, 'Integrations with key management and object storage are'],
  [/^smtp\/config(\/.+)?$/, 'IBM’s own mail service is; a destination of type smtp_custom uses yours'],
  [
    /^destinations\/[^/]+\/(enabled_countries|tag_subscriptions|upgrade|verify)$/,
    'Push, SMS and mail of IBM’s own are',
  ],
];

const IN_INSTANCE = new RegExp(`^/${INSTANCES_PATH}/[^/]+/(.+?)/?$`);

/** @returns what is said of a path that only IBM has; undefined for all others */
export function missingOperation(path: string): string | undefined {
  const below = IN_INSTANCE.exec(path)?.[1];
  if (below === undefined) return undefined;
  const what = MISSING.find(([pattern]) => pattern.test(below))?.[1];
  if (what === undefined) return undefined;
  const [subject = '', instead] = what.split('; ');
  return `Not found. ${subject} not part of this service${instead === undefined ? '' : `: ${instead}`}.`;
}
