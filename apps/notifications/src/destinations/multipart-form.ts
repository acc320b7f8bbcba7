import type { Readable } from 'node:stream';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { DomainError, invalidQuery } from '@tidings/runtime';
import { collectBody } from '../api/request-body.js';
import { DESTINATION_TYPES } from '../destination-types/destination-types.js';

const MAX_PARTS = 50;
const KINDS = `There are ${DESTINATION_TYPES.map(({ name }) => name).join(', ')} here`;
/** Of a whole form, bytes. */
export const MAX_FORM = 1_048_576;

/**
 * Reads a form: its fields by name, as texts. It does not matter whether a part says what type it is of.
 * @throws {DomainError} where it is none, too large, has a part twice or a file
 */
export async function readForm(body: Readable | undefined, contentType: string): Promise<ReadonlyMap<string, string>> {
  const bytes = await collectBody(body, MAX_FORM);
  return new Promise((resolve, reject) => {
    const fields = new Map<string, string>();
    const fail = (error: Error): void => reject(error);
    const busboy = parserOf(contentType);
    busboy.on('field', (name, value, isNameCut, isValueCut) => {
      if (isNameCut || isValueCut) fail(new DomainError('body_too_large', { limit: MAX_FORM }));
      else if (fields.has(name)) fail(invalidQuery({ [name]: ['is there twice; send it once'] }));
      else fields.set(name, value);
    });
    busboy.on('file', (name, file) => {
      file.resume();
      fail(invalidQuery({ [name]: [`is a file, which only IBM's push destinations take; leave it out. ${KINDS}`] }));
    });
    busboy.on('partsLimit', () => fail(invalidQuery({ body: [`must not have more than ${MAX_PARTS} parts`] })));
    busboy.on('error', () => fail(broken()));
    busboy.on('finish', () => resolve(fields));
    busboy.end(bytes);
  });
}

function parserOf(contentType: string): BusboyInstance {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      limits: { parts: MAX_PARTS, fieldSize: MAX_FORM },
      // Without a name of a file it is a field, whatever type it says it is of.
      isPartAFile: (_name, _type, fileName) => fileName !== undefined,
    });
  } catch {
    throw broken();
  }
}

function broken(): DomainError {
  return invalidQuery({ body: ['is no form: check the boundary, and that the last one is there'] });
}
