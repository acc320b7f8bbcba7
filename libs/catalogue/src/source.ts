/** The site of an event whose source does not name one, and of a native event sent without one. */
export const DEFAULT_SITE = 'main';

/** A site's name: lower-case and short because it becomes part of scopes and of names that people type. */
export const SITE_PATTERN = '^[a-z0-9](?:[a-z0-9_.-]{0,61}[a-z0-9])?$';

const SITE = new RegExp(SITE_PATTERN);

const NATIVE_SOURCE = /^\/([^/]+)\/([^/]+)/;

/** The CloudEvents source of a site's native events. */
export function nativeSource(system: string, site: string): string {
  return `/${system}/${site}`;
}

/** The site that a source names: its second segment where it has the form `/<system>/<site>`, otherwise `main`. */
export function siteOf(source: string): string {
  return NATIVE_SOURCE.exec(source)?.[2] ?? DEFAULT_SITE;
}

/** The system that a source of the form `/<system>/<site>` names. */
export function systemOfSource(source: string): string | undefined {
  return NATIVE_SOURCE.exec(source)?.[1];
}

/** @returns what is wrong with a site's name, or undefined when it may be used */
export function siteProblem(site: string): string | undefined {
  return SITE.test(site)
    ? undefined
    : 'must be 1 to 63 lower-case letters, digits, dots, dashes or underscores, beginning and ending with a letter or digit';
}
