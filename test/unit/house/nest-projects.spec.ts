import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOMS } from '../../../tools/import-table.mjs';

const ROOT = join(import.meta.dirname, '../../..');

interface NestProject {
  readonly type: 'application' | 'library';
  readonly root: string;
  readonly sourceRoot: string;
  readonly entryFile: string;
  readonly compilerOptions: { readonly tsConfigPath: string };
}

it("nest-cli.json knows every library and app of Nest, and where each one's sources begin", async () => {
  const { projects } = JSON.parse(await readFile(join(ROOT, 'nest-cli.json'), 'utf8')) as {
    projects: Record<string, NestProject>;
  };

  const rooms = ROOMS.filter(({ name }) => !['test', 'console'].includes(name));
  expect(Object.keys(projects).toSorted()).toEqual(rooms.map(({ name }) => name).toSorted());
  for (const { name, folder } of rooms) {
    const project = projects[name];
    expect(project).toMatchObject({
      type: folder.startsWith('apps/') ? 'application' : 'library',
      root: folder,
      sourceRoot: `${folder}/src`,
    });
    const files = [`${folder}/src/${project?.entryFile ?? ''}.ts`, project?.compilerOptions.tsConfigPath ?? ''];
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  }
});
