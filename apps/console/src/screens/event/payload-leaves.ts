import { isLosslessNumber } from 'lossless-json';

/** A value of a payload, with where it stands as rules say it. */
export interface PayloadLeaf {
  readonly path: string;
  readonly value: string;
  /** What a rule compares with; undefined for what rules do not compare. */
  readonly literal: string | undefined;
}

/** A payload may be of any size; so many values are enough for a screen. */
export const MOST_LEAVES = 500;
const MOST_LEVELS = 64;
const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** All values of a payload, in their order, up to {@link MOST_LEAVES} and one. */
export function payloadLeaves(data: unknown): readonly PayloadLeaf[] {
  const leaves: PayloadLeaf[] = [];
  collect(data, '$.data', MOST_LEVELS, leaves);
  return leaves;
}

function collect(value: unknown, path: string, levels: number, leaves: PayloadLeaf[]): void {
  if (leaves.length > MOST_LEAVES) return;
  const entries = levels === 0 ? [] : entriesOf(value);
  if (entries.length === 0) {
    leaves.push({ path, ...shown(value) });
    return;
  }
  for (const [name, inner] of entries) collect(inner, `${path}${stepOf(name)}`, levels - 1, leaves);
}

function entriesOf(value: unknown): readonly (readonly [string | number, unknown])[] {
  if (Array.isArray(value)) return value.map((inner: unknown, index) => [index, inner] as const);
  const isObject = typeof value === 'object' && value !== null && !isLosslessNumber(value);
  return isObject ? Object.entries(value) : [];
}

function stepOf(name: string | number): string {
  if (typeof name === 'number') return `[${name}]`;
  return PLAIN_NAME.test(name) ? `.${name}` : `['${name.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}']`;
}

function shown(value: unknown): Omit<PayloadLeaf, 'path'> {
  if (typeof value === 'string') {
    return { value, literal: `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'` };
  }
  if (isLosslessNumber(value)) return { value: value.toString(), literal: value.toString() };
  if (typeof value === 'boolean') return { value: String(value), literal: String(value) };
  return { value: value === null ? 'null' : Array.isArray(value) ? '[]' : '{}', literal: undefined };
}
