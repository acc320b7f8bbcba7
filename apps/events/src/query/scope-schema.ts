import { catalogue } from '@tidings/catalogue';

/** Neither white space nor control characters, nor what parts segments or stands for many. */
const SEGMENT = '[^:*\\s\\u0000-\\u0020\\u007f-\\u00a0]+';
/** Of an object: it may hold colons. */
const VALUE = '[^*\\s\\u0000-\\u0020\\u007f-\\u00a0]+';

const SYSTEMS = catalogue.systems().map(({ name, scopeRoles }) => ({ name, kinds: Object.keys(scopeRoles).join('|') }));

/** Scopes of a site or of an object, as a regular expression for the API's document. */
export const EXACT_SCOPE = SYSTEMS.map(({ name, kinds }) =>
  kinds === '' ? `${name}:${SEGMENT}` : `${name}:${SEGMENT}(:(${kinds}):${VALUE})?`,
).join('|');

/** Scopes as tokens hold them, with wildcards: the same for those. */
export const TOKEN_SCOPE = [
  '\\*',
  ...SYSTEMS.map(({ name, kinds }) =>
    kinds === '' ? `${name}:(\\*|${SEGMENT}(:\\*)?)` : `${name}:(\\*|${SEGMENT}(:\\*|:(${kinds}):(\\*|${VALUE}))?)`,
  ),
].join('|');
