import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findJava, majorVersion } from './java.js';

describe('majorVersion', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['openjdk version "21" 2023-09-19', 21],
    ['java version "1.8.0_402"', 8],
    ['openjdk version "25-ea" 2025-09-16', 25],
    ['The operation couldn’t be completed. Unable to locate a Java Runtime.', undefined],
    ['', undefined],
  ])('reads %s', (text, expected) => {
    expect(majorVersion(text)).toBe(expected);
  });
});

describe('findJava', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tidings-java-'));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  function pretendJava(path: string, version: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `#!/bin/sh\necho 'openjdk version "${version}"' >&2\n`);
    chmodSync(path, 0o755);
  }

  it('prefers the one below JAVA_HOME', async () => {
    pretendJava(join(folder, 'home', 'bin', 'java'), '21.0.1');
    pretendJava(join(folder, 'path', 'java'), '17.0.1');
    vi.stubEnv('PATH', `${join(folder, 'path')}:/bin:/usr/bin`);
    await expect(findJava(join(folder, 'home'))).resolves.toEqual({
      command: join(folder, 'home', 'bin', 'java'),
      version: 21,
    });
  });

  it('takes the one on the PATH where that of JAVA_HOME is too old', async () => {
    pretendJava(join(folder, 'home', 'bin', 'java'), '1.8.0_402');
    pretendJava(join(folder, 'path', 'java'), '17.0.1');
    vi.stubEnv('PATH', `${join(folder, 'path')}:/bin:/usr/bin`);
    await expect(findJava(join(folder, 'home'))).resolves.toEqual({ command: 'java', version: 17 });
  });

  it('names the three ways out where there is none', async () => {
    vi.stubEnv('PATH', folder);
    const message = await findJava(undefined).catch((error: Error) => error.message);
    expect(message).toMatch(/no Java was found/);
    expect(message).toMatch(/install Java 17\+/);
    expect(message).toMatch(/docker compose/);
    expect(message).toMatch(/KAFKA_BROKERS=/);
  });

  it('says which one is too old', async () => {
    pretendJava(join(folder, 'java'), '11.0.2');
    vi.stubEnv('PATH', `${folder}:/bin`);
    await expect(findJava(undefined)).rejects.toThrow('java is Java 11');
  });
});
