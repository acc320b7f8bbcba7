import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DataDirectory, EmbeddedKafka } from '@tidings/standalone';
import { KafkaTransport, type KafkaOptions, type Transport } from '@tidings/transport';
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  Kafka,
  logLevel,
  ResourcePatternTypes,
} from 'kafkajs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cacheDirectory, temporaryFolder } from '../harness/embedded-servers.js';
import { freshName } from '../harness/fresh-names.js';
import { until } from '../harness/until.js';

const { JAVA_HOME } = process.env;
const KEYTOOL = JAVA_HOME === undefined ? 'keytool' : join(JAVA_HOME, 'bin', 'keytool');
const STORE_PASSWORD = 'only-in-tests';
const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule';

/** A broker of our own that speaks TLS, asks for a password and lets an account do only what it may. */
const directory = DataDirectory.open(temporaryFolder());
const store = join(directory.path, 'broker.p12');
const kafka = new EmbeddedKafka({
  directory,
  cacheDirectory: cacheDirectory(),
  port: 0,
  ...(JAVA_HOME !== undefined && { javaHome: JAVA_HOME }),
  settings: {
    'listener.security.protocol.map': 'BROKER:SASL_SSL,CONTROLLER:PLAINTEXT',
    'ssl.keystore.type': 'PKCS12',
    'ssl.keystore.location': store,
    'ssl.keystore.password': STORE_PASSWORD,
    'ssl.key.password': STORE_PASSWORD,
    'ssl.truststore.type': 'PKCS12',
    'ssl.truststore.location': store,
    'ssl.truststore.password': STORE_PASSWORD,
    'sasl.enabled.mechanisms': 'PLAIN',
    'sasl.mechanism.inter.broker.protocol': 'PLAIN',
    'listener.name.broker.plain.sasl.jaas.config': `${PLAIN} required username="admin" password="secret" user_admin="secret" user_limited="secret";`,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:admin;User:ANONYMOUS',
  },
});
const transports: Transport[] = [];
const said: string[] = [];
let ca = '';

function options(username: string, over: Partial<KafkaOptions> = {}): KafkaOptions {
  return {
    brokers: kafka.brokers,
    clientId: 'security',
    tls: { ca },
    sasl: { mechanism: 'plain', username, password: 'secret' },
    log: (_level, message, fields) => said.push(message + JSON.stringify(fields)),
    ...over,
  };
}

function connect(username: string, over: Partial<KafkaOptions> = {}): KafkaTransport {
  const transport = new KafkaTransport(options(username, over));
  transports.push(transport);
  return transport;
}

/** What the account `limited` may do with a kafkaTopic. */
async function allow(topic: string, ...operations: AclOperationTypes[]): Promise<void> {
  const admin = new Kafka({
    brokers: [...kafka.brokers],
    ssl: { ca },
    sasl: { mechanism: 'plain', username: 'admin', password: 'secret' },
    logLevel: logLevel.NOTHING,
  }).admin();
  await admin.connect();
  const who = { principal: 'User:limited', host: '*', permissionType: AclPermissionTypes.ALLOW };
  const topicRight = {
    resourceType: AclResourceTypes.TOPIC,
    resourceName: topic,
    resourcePatternType: ResourcePatternTypes.LITERAL,
  };
  await admin.createAcls({ acl: operations.map((operation) => ({ ...who, ...topicRight, operation })) });
  await admin.disconnect();
}

beforeAll(async () => {
  const keytool = (...args: string[]) =>
    execFileSync(KEYTOOL, [...args, '-keystore', store, '-storepass', STORE_PASSWORD, '-alias', 'broker'], {
      stdio: 'pipe',
    });
  const name = ['-dname', 'CN=127.0.0.1', '-ext', 'san=ip:127.0.0.1'];
  keytool('-genkeypair', '-storetype', 'PKCS12', '-keyalg', 'EC', '-validity', '2', ...name);
  const certificate = join(directory.path, 'broker.pem');
  keytool('-exportcert', '-rfc', '-file', certificate);
  ca = readFileSync(certificate, 'utf8');
  await kafka.start();
});

afterEach(async () => {
  await Promise.all(transports.splice(0).map((transport) => transport.close()));
});

afterAll(async () => {
  await kafka.stop();
  directory.release();
  rmSync(directory.path, { recursive: true, force: true });
});

describe('the Kafka driver, with TLS, SASL and accounts', () => {
  it('publishes and consumes', async () => {
    const transport = connect('admin');
    const kafkaTopic = freshName();
    await transport.ensureTopics([{ kafkaTopic, partitions: 1, replicationFactor: 1 }]);
    const publisher = await transport.createPublisher();
    await publisher.publish([{ kafkaTopic, key: 'k', value: 'v', headers: {} }]);
    const seen: string[] = [];
    await transport.consume({
      groupId: freshName(),
      matches: (candidate) => candidate === kafkaTopic,
      handle: async ({ records }) => {
        seen.push(...records.map(({ value }) => String(value)));
      },
    });
    await until(() => seen.includes('v'));
  });

  it('does not talk to a broker whose certificate it cannot trust', async () => {
    await expect(connect('admin', { tls: true }).ping(3_000)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('says that a password is wrong, without saying it', async () => {
    const sasl = { mechanism: 'plain', username: 'admin', password: 'mistaken-password' } as const;
    const transport = connect('admin', { sasl });
    await expect(transport.listTopics()).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const publisher = await transport.createPublisher();
    const record = { kafkaTopic: 'any', key: 'k', value: 'v', headers: {} };
    await expect(publisher.publish([record], { deadlineMs: 1_000 })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(said.join('\n')).not.toContain('mistaken-password');
  });

  it('names the kafkaTopics that are missing to an account that may not make them', async () => {
    const [present, ...missing] = [freshName(), freshName(), freshName()];
    await connect('admin').ensureTopics([{ kafkaTopic: present, partitions: 1, replicationFactor: 1 }]);
    await allow(present, AclOperationTypes.DESCRIBE);
    const specs = [present, ...missing].map((kafkaTopic) => ({ kafkaTopic, partitions: 1, replicationFactor: 1 }));
    const error: unknown = await connect('limited')
      .ensureTopics(specs)
      .catch((rejection: unknown) => rejection);
    expect(error).toMatchObject({ code: 'TOPICS_MISSING', kafkaTopics: missing });
    for (const kafkaTopic of missing) expect(String(error)).toContain(kafkaTopic);
  });

  it('checks what it may: a kafkaTopic whose configuration is hidden is a finding, no failure', async () => {
    const kafkaTopic = freshName();
    const spec = { kafkaTopic, partitions: 1, replicationFactor: 1, config: { 'retention.ms': '1000000' } };
    await connect('admin').ensureTopics([spec]);
    await allow(kafkaTopic, AclOperationTypes.DESCRIBE);
    const { created, findings } = await connect('limited').ensureTopics([spec]);
    expect(created).toEqual([]);
    expect(findings).toMatchObject([{ kafkaTopic, finding: expect.stringContaining('may not be read') as string }]);
  });

  it('fails at once, and for good, what it may not write, and holds up nothing else', async () => {
    const [closed, open] = [freshName(), freshName()];
    const admin = connect('admin');
    await admin.ensureTopics([closed, open].map((kafkaTopic) => ({ kafkaTopic, partitions: 1, replicationFactor: 1 })));
    await allow(closed, AclOperationTypes.DESCRIBE);
    await allow(open, AclOperationTypes.DESCRIBE, AclOperationTypes.WRITE);
    const publisher = await connect('limited').createPublisher();
    const record = (kafkaTopic: string) => [{ kafkaTopic, key: 'k', value: 'v', headers: {} }];
    const [refused, sent] = await Promise.allSettled([
      publisher.publish(record(closed)),
      publisher.publish(record(open)),
    ]);
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'FORBIDDEN', retriable: false } });
    expect(sent.status).toBe('fulfilled');
  });

  it('gives up, as fatal, a group that it may not join', async () => {
    const kafkaTopic = freshName();
    await connect('admin').ensureTopics([{ kafkaTopic, partitions: 1, replicationFactor: 1 }]);
    await allow(kafkaTopic, AclOperationTypes.DESCRIBE, AclOperationTypes.READ);
    const fatal: Error[] = [];
    await connect('limited').consume({
      groupId: freshName(),
      matches: (candidate) => candidate === kafkaTopic,
      handle: async () => undefined,
      onFatal: (error) => fatal.push(error),
    });
    await until(() => fatal.length > 0, { timeout: 50_000 });
    expect(fatal).toMatchObject([{ code: 'CRASHED' }]);
  });
});
