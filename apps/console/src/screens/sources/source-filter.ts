/** Which sources are looked at. */
export const SOURCE_FILTERS = ['all', 'on', 'off', 'silent', 'bare'] as const;
export type SourceFilter = (typeof SOURCE_FILTERS)[number];
