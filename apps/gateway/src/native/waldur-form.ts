import { isUtf8 } from 'node:buffer';
import { BodyError } from '../body/body-error.js';
import { isJsonObject, parseJson, stringifyJson } from '@tidings/catalogue';

/** What Waldur's web hook sends when its `content_type` is `form`. */
export const FORM_MEDIA_TYPE = 'application/x-www-form-urlencoded';

/** Percent-encoding makes three bytes of one. */
export const FORM_GROWTH = 3;

/**
 * Turns Waldur's form into the JSON that its other web hook sends: the fields are text, and the one named `context`
 * holds JSON. A context that is none stays as it came, and the catalogue will say that it does not fit.
 * @returns the JSON text
 * @throws {BodyError} where the form is not UTF-8
 */
export function jsonOfForm(body: Buffer): Buffer {
  if (!isUtf8(body)) throw new BodyError('malformed_request', 'is not valid UTF-8; a form is sent as UTF-8');
  const native: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const form = new URLSearchParams(body.toString('utf8'));
  for (const name of new Set(form.keys())) {
    const values = form.getAll(name);
    native[name] = values.length > 1 ? values : name === 'context' ? contextOf(values[0] ?? '') : values[0];
  }
  return Buffer.from(stringifyJson(native));
}

function contextOf(text: string): unknown {
  try {
    const { exact } = parseJson(text);
    return isJsonObject(exact) ? exact : text;
  } catch {
    return text;
  }
}
