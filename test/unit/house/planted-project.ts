import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOMS } from '../../../tools/import-table.mjs';

/** Packages that the planted project has installed; those that a room has in its package.json are named in DECLARED. */
const INSTALLED = ['@nestjs/common', 'kafkajs', 'pg', 'typeorm', 'undeclared', 'vitest'];
const DECLARED = ['@nestjs/common', 'kafkajs', 'pg', 'typeorm'];

/** The room whose package.json leaves out a room that the table would allow it. */
export const UNDECLARED = { room: 'gateway', leavesOut: 'database' };

/**
 * A project with every room of the table and nothing in the rooms, in a temporary folder, in which a test plants files.
 * Its packages are empty shells: the rules look at where an import leads, not at what is there.
 */
export class PlantedProject implements AsyncDisposable {
  private constructor(readonly root: string) {}

  static async create(): Promise<PlantedProject> {
    const project = new PlantedProject(await mkdtemp(join(tmpdir(), 'tidings-planted-')));
    await project.plant('package.json', JSON.stringify({ devDependencies: { vitest: '1.0.0' } }));
    for (const name of INSTALLED) {
      const main = 'index.js';
      await project.plant(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main }));
      await project.plant(`node_modules/${name}/${main}`, 'module.exports = {};');
    }
    await mkdir(join(project.root, 'node_modules/@tidings'));
    for (const { name, folder } of ROOMS) {
      const rooms = ROOMS.map((room) => room.name).filter(
        (other) => other !== name && !(name === UNDECLARED.room && other === UNDECLARED.leavesOut),
      );
      const dependencies = Object.fromEntries(
        [...rooms.map((room) => `@tidings/${room}`), ...DECLARED].map((entry) => [entry, '1.0.0']),
      );
      await project.plant(
        `${folder}/package.json`,
        JSON.stringify({
          name: `@tidings/${name}`,
          exports: { '.': { 'tidings-source': './src/index.ts', default: './dist/index.js' } },
          dependencies,
          devDependencies: { vitest: '1.0.0' },
        }),
      );
      await project.plant(`${folder}/src/index.ts`, "export { inner } from './inner.js';");
      await project.plant(`${folder}/src/inner.ts`, 'export const inner = 1;');
      await symlink(join(project.root, folder), join(project.root, 'node_modules/@tidings', name));
    }
    return project;
  }

  /** Writes a file, with the folders above it. */
  async plant(path: string, text: string): Promise<void> {
    const file = join(this.root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true });
  }
}
