import { MASK } from '../member-reader.js';

/** Names of parameters that give their values away as secrets. */
const SECRET =
  /(^|[-_.])(access|api)?[-_.]?(auth|code|credentials?|key|pass|passwd|password|secret|sig|signature|token)s?$/i;
const PARAMETER = /([?&])([^=&#]+)=([^&#]*)/g;

/** An address as answers and the audit log show it: without the values of parameters that are secrets by their names. */
export function shownUrl(url: string): string {
  return url.replace(PARAMETER, (whole, before: string, name: string) =>
    SECRET.test(unescaped(name)) ? `${before}${name}=${MASK}` : whole,
  );
}

/** @returns a URL as it is kept, where a request brings it back as answers show it */
export function urlMeant(given: unknown, kept: string | undefined): unknown {
  return kept !== undefined && given === shownUrl(kept) ? kept : given;
}

function unescaped(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
