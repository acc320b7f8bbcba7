import { AccessModule, AuditRepository, TokenService } from '@tidings/access';
import { createHttpApplication, EnvironmentModule, parseEnvironment } from '@tidings/runtime';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../../harness/fresh-database.js';
import { freshName } from '../../harness/fresh-names.js';

const ACTOR = { id: 'admin', name: 'the administrator' };
const DRAFT = {
  name: 'a reader',
  permissions: ['events:read' as const],
  scopes: ['*'],
  sources: [],
  expiresAt: undefined,
  fingerprint: undefined,
};

let database: FreshDatabase;
let superuser: Client;
/** Of roles that may log in and make schemas, and nothing else. */
let appUrl: string;
let ownerUrl: string;
let roles: string[];

beforeEach(async () => {
  database = await freshDatabase(inject('databaseUrl'));
  superuser = new Client(database.url);
  await superuser.connect();
  roles = [];
  appUrl = await limitedRole();
  ownerUrl = await limitedRole();
});
afterEach(async () => {
  for (const role of roles) await superuser.query(`DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`);
  await superuser.end();
  await database.drop();
});

async function limitedRole(): Promise<string> {
  const role = freshName();
  roles.push(role);
  await superuser.query(`CREATE ROLE ${role} LOGIN PASSWORD 'limited';
    GRANT CREATE ON DATABASE ${new URL(database.url).pathname.slice(1)} TO ${role}`);
  return Object.assign(new URL(database.url), { username: role, password: 'limited' }).href;
}

/** Starts a process's access, works with it as an app does, and stops it. @returns what it logged, and the actions that stand in the audit log */
async function start(variables: Readonly<Record<string, string>>): Promise<{ log: string; actions: string[] }> {
  const lines: string[] = [];
  const write = (message: unknown): void => void lines.push(String(message));
  const environment = parseEnvironment({ TIDINGS_ADMIN_TOKEN: 'a'.repeat(32), ...variables });
  const app = await createHttpApplication(
    { module: class Root {}, imports: [EnvironmentModule.forRoot(environment), AccessModule] },
    { log: write, warn: write, error: write },
  );
  try {
    const tokens = app.get(TokenService, { strict: false });
    const { token } = await tokens.create(DRAFT, ACTOR);
    await tokens.rotate(token.id, { graceSeconds: 60, expiresAt: undefined, fingerprint: undefined }, ACTOR);
    await tokens.revoke(token.id, ACTOR);
    const audit = app.get(AuditRepository, { strict: false });
    const { entries } = await audit.page({}, { number: 1, size: 100 });
    const actions = entries.filter(({ subject }) => subject.includes(token.id)).map(({ action }) => action);
    return { log: lines.join('\n'), actions };
  } finally {
    await app.close();
  }
}

async function ask(url: string, statement: string): Promise<unknown[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query(statement)).rows as unknown[];
  } finally {
    await client.end();
  }
}

const DONE = ['token.revoke', 'token.rotate', 'token.create'];

/** What would take something out of the audit log, or put something else in its place. */
const CHANGES = [
  'DELETE FROM access.audit',
  'UPDATE access.audit SET actor_id = $$x$$',
  'TRUNCATE access.audit',
  'DROP TABLE access.audit',
  'ALTER TABLE access.audit DISABLE TRIGGER append_only',
  'ALTER TABLE access.audit RENAME TO other',
  'DROP TRIGGER append_only ON access.audit',
  'CREATE TRIGGER no BEFORE INSERT ON access.audit FOR EACH ROW EXECUTE FUNCTION access.refuse_change()',
  'CREATE RULE no AS ON INSERT TO access.audit DO INSTEAD NOTHING',
  `CREATE OR REPLACE FUNCTION access.refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
  'SET session_replication_role = replica',
  'DROP SCHEMA access CASCADE',
  'ALTER SCHEMA access RENAME TO other',
  'CREATE TABLE access.other (n int)',
  `COPY (SELECT 1) TO PROGRAM 'cat'`,
];

async function expectAppendOnly(): Promise<void> {
  for (const statement of CHANGES) {
    await expect(ask(appUrl, statement), statement).rejects.toThrow(/permission denied|must be owner/);
  }
}

describe('with an owner of its own', () => {
  it('the app keeps tokens, and can only add to the audit log', async () => {
    await superuser.query(`GRANT ${roles[0]} TO ${roles[1]}`);
    const first = await start({ DATABASE_URL: appUrl, DATABASE_OWNER_URL: ownerUrl });
    expect(first.actions).toEqual(DONE);
    expect(first.log).not.toContain('can change the audit log');
    await expectAppendOnly();
    // A second one migrates and grants again, and one that was not given the owner works with what is there.
    expect((await start({ DATABASE_URL: appUrl, DATABASE_OWNER_URL: ownerUrl })).actions).toEqual(DONE);
    const other = await start({ DATABASE_URL: appUrl });
    expect(other.actions).toEqual(DONE);
    expect(other.log).not.toContain('can change the audit log');
    await expectAppendOnly();
  });

  it.each(['a superuser', 'a member of the app role'])(
    'what the app owned before is handed over, with what is in it: the owner is %s',
    async (kind) => {
      const before = await start({ DATABASE_URL: appUrl });
      expect(before.log).toContain('The user of DATABASE_URL can change the audit log, for it owns it');
      await superuser.query(`GRANT ALL ON access.audit TO PUBLIC; GRANT ALL ON SCHEMA access TO PUBLIC`);
      if (kind !== 'a superuser') await superuser.query(`GRANT ${roles[0]} TO ${roles[1]}`);
      const owner = kind === 'a superuser' ? database.url : ownerUrl;
      expect((await start({ DATABASE_URL: appUrl, DATABASE_OWNER_URL: owner })).actions).toEqual(DONE);
      await expectAppendOnly();
      expect(await ask(appUrl, 'SELECT count(*)::int AS entries FROM access.audit')).toEqual([{ entries: 6 }]);
    },
  );

  it('an owner that may not take over is told what to run, and the app keeps what it has', async () => {
    await start({ DATABASE_URL: appUrl });
    await expect(start({ DATABASE_URL: appUrl, DATABASE_OWNER_URL: ownerUrl })).rejects.toThrow(
      /does not let this user create or change the schema access\. Let a superuser GRANT it the role of DATABASE_URL, and CREATE ON DATABASE, or use another user in DATABASE_OWNER_URL\./,
    );
    expect((await start({ DATABASE_URL: appUrl })).actions).toEqual(DONE);
  });

  it('no function of the app is called by the owner', async () => {
    await start({ DATABASE_URL: appUrl });
    await superuser.query(`GRANT ${roles[0]} TO ${roles[1]}`);
    const shadow = `CREATE SCHEMA ${roles[1]};
      CREATE FUNCTION ${roles[1]}.quote_ident(name) RETURNS text LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''called''; END';
      GRANT USAGE ON SCHEMA ${roles[1]} TO PUBLIC`;
    await ask(appUrl, shadow);
    // As it is for who does not take care.
    await expect(ask(ownerUrl, 'SELECT quote_ident(nspname) FROM pg_namespace')).rejects.toThrow('called');
    expect((await start({ DATABASE_URL: appUrl, DATABASE_OWNER_URL: ownerUrl })).actions).toEqual(DONE);
  });
});

it('an owner of no use is told: the user of the app itself, another database, and beside an app that is a superuser', async () => {
  await expect(start({ DATABASE_URL: appUrl, DATABASE_OWNER_URL: appUrl })).rejects.toThrow(
    'DATABASE_OWNER_URL has the user of DATABASE_URL',
  );
  const other = await freshDatabase(inject('databaseUrl'));
  await expect(start({ DATABASE_URL: appUrl, DATABASE_OWNER_URL: other.url })).rejects.toThrow(
    'DATABASE_OWNER_URL leads to another database',
  );
  await other.drop();
  const { log } = await start({ DATABASE_URL: database.url, DATABASE_OWNER_URL: ownerUrl });
  expect(log).toContain('can change the audit log although DATABASE_OWNER_URL names its owner');
});

it('an app that may not migrate says who has to', async () => {
  await superuser.query('CREATE SCHEMA access');
  await superuser.query(`GRANT USAGE ON SCHEMA access TO ${roles[0]}`);
  await expect(start({ DATABASE_URL: appUrl })).rejects.toThrow(
    /Let it own that schema, or start a process with DATABASE_OWNER_URL before this one/,
  );
});
