import { join } from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
/** A real file, so that the type checker knows it; what is linted is the planted text. */
const FILE = join(ROOT, 'libs/runtime/src/index.ts');

// The type checker reads the whole project before the first answer, on a machine that may be busy.
describe('a planted fault', { timeout: 180_000 }, () => {
  const eslint = new ESLint({ cwd: ROOT });

  async function faults(text: string, filePath = FILE): Promise<(string | null)[]> {
    const [result] = await eslint.lintText(text, { filePath });
    return (result?.messages ?? []).map(({ ruleId }) => ruleId);
  }

  it.each([
    [
      'a promise left alone',
      'const late = async (): Promise<number> => 1;\nlate();',
      '@typescript-eslint/no-floating-promises',
    ],
    [
      'a promise as a condition',
      'const late = async (): Promise<boolean> => true;\nif (late()) throw new Error();',
      '@typescript-eslint/no-misused-promises',
    ],
    ['any', 'export const one = (two: any): void => void two;', '@typescript-eslint/no-explicit-any'],
    ['an enum', 'export enum Colour {\n  Red,\n}', 'no-restricted-syntax'],
    ['export *', "export * from './environment.js';", 'no-restricted-syntax'],
    ['a default export', 'export default 1;', 'no-restricted-syntax'],
    ['console', "console.log('here');", 'no-console'],
    ['the environment read at large', "export const url = process.env['DATABASE_URL'];", 'no-restricted-properties'],
    [
      'a case left out',
      "export function f(x: 'a' | 'b'): void {\n  switch (x) {\n    case 'a':\n  }\n}",
      '@typescript-eslint/switch-exhaustiveness-check',
    ],
    ['a class named for nothing', 'export class StoreImpl {}', 'no-restricted-syntax'],
  ])('of %s is found', async (_, text, rule) => {
    expect(await faults(text)).toContain(rule);
  });

  it.each(['tools/utils.mjs', 'libs/runtime/common/clock.mjs', 'tools/EventStore.mjs', 'tools/events.helpers.mjs'])(
    'in the name %s is found',
    async (path) => {
      expect(await faults('export const one = 1;\n', join(ROOT, path))).toEqual(['house/file-names']);
    },
  );

  it('cannot be excused for a line', async () => {
    const [result] = await eslint.lintText("// eslint-disable-next-line no-console\nconsole.log('here');\n", {
      filePath: FILE,
    });
    expect(result?.errorCount).toBe(1);
    expect(result?.warningCount).toBe(1);
  });
});
