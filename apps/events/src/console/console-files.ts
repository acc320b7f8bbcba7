import { readdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { Injectable } from '@nestjs/common';

/** Where the console's own package is built to. */
const FOLDER = join(dirname(createRequire(import.meta.url).resolve('@tidings/console/package.json')), 'dist');
const PAGE = 'index.html';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** What the build compresses to, best first; the suffix of the file, and how HTTP calls it. */
const ENCODINGS = [
  { suffix: '.br', name: 'br' },
  { suffix: '.gz', name: 'gzip' },
] as const;

/** A built file, in the encoding that its reader takes. */
export interface ConsoleFile {
  readonly bytes: Buffer;
  readonly contentType: string;
  /** Undefined: as it is. */
  readonly encoding: string | undefined;
}

interface Build {
  /** By the time of the page, the build is known. */
  readonly builtAt: number;
  readonly page: string;
  /** By path below the folder, with `/`. */
  readonly files: ReadonlyMap<string, Buffer>;
}

/**
 * The console as it is built, in memory: half a megabyte. What a request asks for is looked up by its name, so that no
 * path leads elsewhere. A new build is taken with the next request for the page.
 */
@Injectable()
export class ConsoleFiles {
  private build: Promise<Build | undefined> | undefined;

  /** @returns the page of the newest build; undefined: none is there, or not yet */
  async page(): Promise<string | undefined> {
    const builtAt = await timeOf(join(FOLDER, PAGE));
    if ((await this.build)?.builtAt !== builtAt) this.build = builtAt === undefined ? undefined : readBuild(builtAt);
    return (await this.build)?.page;
  }

  /**
   * @param path below `/console/`
   * @param accepted the request's `Accept-Encoding`
   */
  async file(path: string, accepted: string | undefined): Promise<ConsoleFile | undefined> {
    if (this.build === undefined) await this.page();
    const files = (await this.build)?.files;
    const plain = files?.get(path);
    if (files === undefined || plain === undefined) return undefined;
    const contentType = CONTENT_TYPES[extname(path)] ?? 'application/octet-stream';
    const taken = new Set((accepted ?? '').split(',').map((one) => one.split(';', 1)[0]?.trim().toLowerCase()));
    for (const { suffix, name } of ENCODINGS) {
      const compressed = taken.has(name) ? files.get(`${path}${suffix}`) : undefined;
      if (compressed !== undefined) return { bytes: compressed, contentType, encoding: name };
    }
    return { bytes: plain, contentType, encoding: undefined };
  }
}

async function timeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).mtimeMs;
  } catch {
    return undefined;
  }
}

async function readBuild(builtAt: number): Promise<Build> {
  const entries = await readdir(FOLDER, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name !== PAGE)
    .map(async (entry): Promise<[string, Buffer]> => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(FOLDER.length + 1).replaceAll('\\', '/'), await readFile(path)];
    });
  const page = await readFile(join(FOLDER, PAGE), 'utf8');
  return { builtAt, page, files: new Map(await Promise.all(files)) };
}
