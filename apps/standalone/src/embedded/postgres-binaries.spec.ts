import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeLinks } from './postgres-binaries.js';

it('makes the links that the install script would have made, and leaves those that are there', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidings-links-'));
  try {
    const native = join(folder, 'native');
    mkdirSync(join(native, 'lib'), { recursive: true });
    writeFileSync(join(native, 'lib', 'libx.so.6.18'), 'a library');
    const links = ['libx.so', 'libx.so.6'].map((name) => ({
      source: 'native/lib/libx.so.6.18',
      target: `native/lib/${name}`,
    }));
    writeFileSync(join(native, 'pg-symlinks.json'), JSON.stringify(links));
    makeLinks(native);
    makeLinks(native);
    expect(readFileSync(join(native, 'lib', 'libx.so'), 'utf8')).toBe('a library');
    expect(readlinkSync(join(native, 'lib', 'libx.so.6'))).toBe('libx.so.6.18');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
