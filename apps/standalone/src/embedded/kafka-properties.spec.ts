import { expect, it } from 'vitest';
import { kafkaProperties } from './kafka-properties.js';

const input = { host: '127.0.0.1', port: 4192, controllerPort: 20_001, dataFolder: '/data/kafka' };

it('keeps every listener on the loopback, and advertises the chosen port', () => {
  const lines = kafkaProperties(input).split('\n');
  expect(lines).toContain('listeners=BROKER://127.0.0.1:4192,CONTROLLER://127.0.0.1:20001');
  expect(lines).toContain('advertised.listeners=BROKER://127.0.0.1:4192');
  expect(lines).toContain('auto.create.topics.enable=false');
});

it('lets settings replace the usual ones, each of which stands once', () => {
  const lines = kafkaProperties({ ...input, settings: { 'offsets.topic.num.partitions': '1' } }).split('\n');
  expect(lines.filter((line) => line.startsWith('offsets.topic.num.partitions='))).toEqual([
    'offsets.topic.num.partitions=1',
  ]);
});

it('asks for the login on every listener, and forbids what is not allowed', () => {
  const lines = kafkaProperties({ ...input, login: { username: 'tidings', password: 'secret' } }).split('\n');
  expect(lines).toContain('listener.security.protocol.map=BROKER:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT');
  expect(lines).toContain('authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer');
  expect(lines).toContain('allow.everyone.if.no.acl.found=false');
});

it('writes a backslash so that Java reads one', () => {
  expect(kafkaProperties({ ...input, dataFolder: 'C:\\data' })).toContain('log.dirs=C:\\\\data\n');
});
