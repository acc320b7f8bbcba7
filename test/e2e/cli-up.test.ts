import { existsSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { temporaryFolder } from '../harness/embedded-servers.js';
import { type FreshDatabase, freshDatabase } from '../harness/fresh-database.js';
import { freshPrefix } from '../harness/fresh-names.js';
import { until } from '../harness/until.js';
import { TidingsProgram } from '../integration/cli/tidings-program.js';

let folder: string;
let database: FreshDatabase;

beforeAll(async () => {
  folder = temporaryFolder();
  database = await freshDatabase(inject('databaseUrl'));
});

afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

it('`tidings up` starts what `npm start` starts, is found by the other commands, and ends with Ctrl-C', async () => {
  const tidings = new TidingsProgram({
    KAFKA_BROKERS: inject('brokers'),
    DATABASE_URL: database.url,
    TIDINGS_PREFIX: freshPrefix(),
    TIDINGS_LXD_SOCKET: `${folder}/s`,
  });
  const up = tidings.watch(['up', '--port', '0', '--data-dir', folder]);
  try {
    const url = await until(() => /Tidings is ready at (http\S+)/.exec(up.stderr)?.[1], {
      timeout: 100_000,
      what: 'the banner',
    });
    expect(up.stderr).not.toContain('is not a setting of Tidings');
    // By its data directory alone: the port was chosen by the system.
    const doctor = await tidings.run(['doctor'], '', { TIDINGS_DATA_DIR: folder });
    expect(doctor.stdout).not.toMatch(/^fail/m);
    expect(doctor.stdout).toContain(`${url} answers`);
    expect(doctor.stdout).toContain(`the one from ${folder}/admin-token is valid`);
    expect(
      up.stdout
        .trim()
        .split('\n')
        .filter((line) => !line.startsWith('{')),
    ).toEqual([]);
    const second = await tidings.run(['up', '--port', new URL(url).port], '', { TIDINGS_DATA_DIR: `${folder}/second` });
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('PORT');
    up.interrupt();
    expect(await up.ended).toBe(0);
    expect(existsSync(`${folder}/server-url`)).toBe(false);
  } finally {
    await up.stop();
  }
});
