import { isUtf8 } from 'node:buffer';
import { INTAKE_LIMITS, isJsonObject, parseJson, stringifyJson } from '@tidings/catalogue';

/** What Waldur's web hook sends when its `content_type` is `form`. */
export const FORM_MEDIA_TYPE = 'application/x-www-form-urlencoded';

/** Percent-encoding makes three bytes of one. */
export const FORM_GROWTH = 3;

/**
 * Turns Waldur's form into the JSON that its other web hook sends: the fields are text, and the one named `context`
 * holds JSON. A context that is none stays as it came, and the catalogue will say that it does not fit.
 * @returns the JSON text; the body itself where it is no form that can be read, which is then no JSON either
 */
export function jsonOfForm(body: Buffer): Buffer {
  if (!isUtf8(body)) return body;
  const fields = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(body.toString('utf8'))) {
    const values = fields.get(name);
    if (values !== undefined) values.push(value);
    else if (fields.size === INTAKE_LIMITS.formFields.value) return body;
    else fields.set(name, [value]);
  }
  const native: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, values] of fields) {
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
