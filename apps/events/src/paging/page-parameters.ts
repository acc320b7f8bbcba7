import type { ParameterText } from './described-parameter.js';

const NUMBER = '\\s*[+]?0*[1-9][0-9]*\\s*|last';
const CURSOR = '([0-9]{1,15}[.])?c[A-Za-z0-9_-]{52}';

/** What the API's document says of the parameters of a page, whatever the list. */
export const PAGE: ParameterText = {
  description: 'Which page: a number, from 1, or `last`.',
  example: '1',
  pattern: NUMBER,
};

/** {@link PAGE} of a list that has cursors. */
export const PAGE_OR_CURSOR: ParameterText = {
  description: 'Which page: a number, from 1, `last`, or what the next link of another page says.',
  example: '1',
  pattern: `${NUMBER}|${CURSOR}`,
};

/** A place in a list, sealed and bound to its filters. */
export const PAGE_CURSOR: ParameterText = {
  description:
    'The place that a next link says, which goes before the number of the page; 404 with other filters than that link’s.',
  pattern: CURSOR,
};

/** How long a page is. */
export const PAGE_SIZE: ParameterText = {
  description: 'How many entries a page has, up to 300; 10 where it is no positive number.',
  example: '100',
};

/** How large a page is. */
export const PAGE_BYTES: ParameterText = {
  description:
    'A page ends after so many bytes of events, at most 1,000,000, however few they are then; the next link goes on behind them. Without it a page is whole, however large.',
  example: '1000000',
};

/** {@link PAGE} and {@link PAGE_SIZE} where they change nothing. */
export const PAGE_IGNORED: ParameterText = { description: 'Ignored: pages do not matter here.', example: '1' };
