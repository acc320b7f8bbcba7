import { CommandFailure } from '../command-failure.js';
import { LineReader } from '../api/line-reader.js';
import { parseExact, stringifyExact } from '../output/exact-json.js';

/** So many are sent in one request; the server lists each of up to 1,000. */
const LARGEST_BATCH = 500;
const LARGEST_BATCH_BYTES = 1_000_000;

/**
 * Reads JSON documents: one a line, or one over many lines; an array is as many as it has elements. What has come so far
 * is handed over at once, so that a pipe that never ends works, too.
 * @returns JSON texts, batch by batch
 * @throws {CommandFailure} with the line, where there is no JSON
 */
export async function* readDocuments(
  input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<readonly string[]> {
  const reader = new LineReader();
  const cutter = new DocumentCutter();
  for await (const chunk of input) yield* batchesOf(cutter.take(reader.read(chunk)));
  yield* batchesOf([...cutter.take(reader.end()), ...cutter.end()]);
}

class DocumentCutter {
  private line = 0;
  /** Set where the first line is no document of its own: then all of the input is one. */
  private whole: string[] | undefined;
  private hasBegun = false;

  take(lines: readonly string[]): string[] {
    return lines.flatMap((line) => {
      this.line += 1;
      if (this.whole !== undefined) {
        this.whole.push(line);
        return [];
      }
      if (line.trim() === '') return [];
      return this.documentsIn(line);
    });
  }

  end(): string[] {
    if (this.whole === undefined) return [];
    const text = this.whole.join('\n');
    return elementsOf(text, parsed(text, 'The input'));
  }

  private documentsIn(line: string): string[] {
    if (this.hasBegun) return elementsOf(line, parsed(line, `Line ${this.line}`));
    this.hasBegun = true;
    try {
      return elementsOf(line, parseExact(line));
    } catch {
      this.whole = [line];
      return [];
    }
  }
}

function elementsOf(text: string, value: unknown): string[] {
  return Array.isArray(value) ? value.map((element) => stringifyExact(element)) : [text.trim()];
}

function parsed(text: string, where: string): unknown {
  try {
    return parseExact(text);
  } catch (error) {
    throw new CommandFailure(
      'failed',
      `${where} is not JSON: ${error instanceof Error ? error.message : String(error)}`,
      ['It takes one JSON document, an array of them, or one a line.'],
    );
  }
}

function* batchesOf(texts: readonly string[]): Generator<readonly string[]> {
  let batch: string[] = [];
  let size = 0;
  for (const text of texts) {
    if (batch.length === LARGEST_BATCH || (size + text.length > LARGEST_BATCH_BYTES && batch.length > 0)) {
      yield batch;
      batch = [];
      size = 0;
    }
    batch.push(text);
    size += text.length;
  }
  if (batch.length > 0) yield batch;
}
