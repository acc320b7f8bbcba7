import type { ParameterOptions } from './query-parameters.js';

const NUMBER = '\\s*[+]?0*[1-9][0-9]*\\s*|last';
const CURSOR = '([0-9]{1,15}[.])?c[A-Za-z0-9_-]{52}';

/** What the API's document says of the parameters of a page, whatever the list. */
export const PAGE: ParameterOptions = {
  description: 'Page number, from 1, or `last`.',
  example: '1',
  pattern: NUMBER,
};

/** {@link PAGE} of a list that has cursors. */
export const PAGE_OR_CURSOR: ParameterOptions = {
  description: 'Page number, from 1, `last`, or the value in the next link of another page.',
  example: '1',
  pattern: `${NUMBER}|${CURSOR}`,
};

/** A place in a list, sealed and bound to its filters. */
export const PAGE_CURSOR: ParameterOptions = {
  description:
    'The position given by a next link, which takes precedence over the page number; 404 with other filters than that link’s.',
  pattern: CURSOR,
};

/** How long a page is. */
export const PAGE_SIZE: ParameterOptions = {
  description: 'Page size, 1 to 300. Defaults to 10, also when it is not a positive integer.',
  example: '100',
};

/** How large a page is. */
export const PAGE_BYTES: ParameterOptions = {
  description:
    'A page ends after this many bytes of events, at most 1,000,000, however few events that is; the next link continues behind them. Without it a page is whole, however large.',
  example: '1000000',
};

/** {@link PAGE} and {@link PAGE_SIZE} where they have no effect. */
export const PAGE_IGNORED: ParameterOptions = { description: 'Ignored; this answer has no pages.', example: '1' };
