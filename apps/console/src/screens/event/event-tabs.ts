/** What can be looked at of an event. */
export const EVENT_TABS = ['routing', 'payload', 'raw', 'related'] as const;
export type EventTab = (typeof EVENT_TABS)[number];

/** What the address says; undefined: the first that there is. */
export function readEventTab(search: Readonly<Record<string, unknown>>): { readonly tab?: EventTab } {
  const tab = EVENT_TABS.find((one) => one === search['tab']);
  return tab === undefined ? {} : { tab };
}
