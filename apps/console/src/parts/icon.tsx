const PATHS = {
  alert: 'M12 9v4m0 4h.01M10.3 3.9 1.8 18a2 2 0 0 0 1.7 3h17a2 2 0 0 0 1.7-3L13.7 3.9a2 2 0 0 0-3.4 0z',
  check: 'M5 12l5 5L20 7',
  clock: 'M12 7v5l3 3M3 12a9 9 0 1 0 18 0 9 9 0 0 0-18 0',
  copy: 'M8 8h12v12H8zM16 8V4H4v12h4',
  cross: 'M18 6 6 18M6 6l12 12',
  dots: 'M5 12h.01M12 12h.01M19 12h.01',
  events: 'M4 6h16M4 12h16M4 18h10',
  filter: 'M4 5h16l-6 7v6l-4 2v-8z',
  key: 'M14 10a4 4 0 1 0-3.5 4L13 11.5M14 10l7-7m-3 3 3 3',
  minus: 'M5 12h14',
  moon: 'M12 3a7 7 0 0 0 9 9 9 9 0 1 1-9-9z',
  off: 'M12 3v9M6.3 7.3a8 8 0 1 0 11.4 0',
  search: 'M4 10a6 6 0 1 0 12 0 6 6 0 0 0-12 0m16 10-5.6-5.6',
  sources: 'M4 12h4m8 0h4M8 12a4 4 0 1 0 8 0 4 4 0 0 0-8 0M12 4v4m0 8v4',
  user: 'M8 7a4 4 0 1 0 8 0 4 4 0 0 0-8 0M5 21v-2a4 4 0 0 1 4-4h6a4 4 0 0 1 4 4v2',
} as const;

export type IconName = keyof typeof PATHS;

/** A drawing beside a word; it says nothing by itself. */
export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
