export type { EventAttributes } from '@tidings/catalogue';

/** The only version of CloudEvents that there is. */
export const SPEC_VERSION = '1.0';

/** Before an attribute's name in binary mode. */
export const ATTRIBUTE_PREFIX = 'ce_';

export const CONTENT_TYPE_HEADER = 'content-type';
export const JSON_CONTENT_TYPE = 'application/json';

/** The JSON format of a whole event, in structured mode. */
export const STRUCTURED_CONTENT_TYPE = 'application/cloudevents+json';
