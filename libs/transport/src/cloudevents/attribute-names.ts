export type { EventAttributes } from '@tidings/catalogue';

/** The only version of CloudEvents that there is. */
export const SPEC_VERSION = '1.0';

/** Before an attribute's name in binary mode. */
export const ATTRIBUTE_PREFIX = 'ce_';

export const CONTENT_TYPE_HEADER = 'content-type';
export const JSON_CONTENT_TYPE = 'application/json';

/** The JSON format of a whole event, in structured mode. */
export const STRUCTURED_CONTENT_TYPE = 'application/cloudevents+json';

/** Does a content type mean JSON? Without one, JSON is meant. @param contentType as it came, parameters included */
export function isJsonContentType(contentType: string): boolean {
  if (contentType === JSON_CONTENT_TYPE) return true;
  const mediaType = mediaTypeOf(contentType);
  return mediaType.endsWith('/json') || mediaType.endsWith('+json');
}

/** The media type without its parameters, in lower case. */
export function mediaTypeOf(contentType: string): string {
  const end = contentType.indexOf(';');
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}
