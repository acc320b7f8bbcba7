import { LosslessNumber } from 'lossless-json';
import { Document, Scalar, visit } from 'yaml';

/** A value as a YAML document, long texts unfolded, whole numbers as exact as they came. */
export function yamlText(value: unknown): string {
  const document = new Document(value, (_key, member: unknown) =>
    member instanceof LosslessNumber ? exactNumber(member) : member,
  );
  visit(document, { Scalar: (_key, node) => void quoteTimes(node) });
  return document.toString({ lineWidth: 0 });
}

/** A fraction has no exact form there; a whole number has. */
function exactNumber({ value }: LosslessNumber): bigint | number {
  return /^-?\d+$/.test(value) ? BigInt(value) : Number(value);
}

/** YAML 1.1 readers take a bare time for one, and lose its precision. */
function quoteTimes(node: Scalar): void {
  if (typeof node.value === 'string' && /^\d{4}-\d\d-\d\d/.test(node.value)) node.type = Scalar.QUOTE_DOUBLE;
}
