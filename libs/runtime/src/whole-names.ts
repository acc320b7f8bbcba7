/** A cloud resource name in a path, up to the slash between its kind of scope and the scope. */
const CUT_NAME = /\/(crn:[^/?#]*:[a-z])\/(?=[^/?#])/g;

/**
 * Cloud resource names have a slash in them (`crn:v1:…:a/1234:…::`), and clients put them into paths as they are. What they
 * cut into two segments is one: the slash is encoded before the routes are looked at.
 */
export function withWholeNames(url: string): string {
  const end = url.indexOf('?');
  const path = end < 0 ? url : url.slice(0, end);
  return path.includes('/crn:') ? path.replace(CUT_NAME, '/$1%2F') + url.slice(path.length) : url;
}
