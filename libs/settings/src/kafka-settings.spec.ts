import { describe, expect, it } from 'vitest';
import { parseKafkaSettings } from './kafka-settings.js';
import { EnvironmentError } from './start-errors.js';

function problemsOf(source: Readonly<Record<string, string>>): readonly string[] {
  try {
    parseKafkaSettings(source);
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
  return [];
}

describe('what an environment says of Kafka', () => {
  it('is read whatever else it says', () => {
    expect(
      parseKafkaSettings({
        KAFKA_BROKERS: 'kafka-1:9092, kafka-2:9092',
        KAFKA_SASL_MECHANISM: 'PLAIN',
        KAFKA_SASL_USERNAME: 'crm',
        KAFKA_SASL_PASSWORD: 'secret',
        KAFKA_TLS: 'true',
        TIDINGS_PREFIX: 'team-',
        PORT: 'of another service',
      }),
    ).toMatchObject({
      brokers: ['kafka-1:9092', 'kafka-2:9092'],
      sasl: { mechanism: 'plain', username: 'crm', password: 'secret' },
      tls: { verify: true },
      prefix: 'team-',
    });
  });

  it('may be nothing, and what is empty is nothing', () => {
    expect(parseKafkaSettings({ KAFKA_BROKERS: '', TIDINGS_PREFIX: '' })).toMatchObject({
      brokers: undefined,
      sasl: undefined,
      tls: undefined,
      prefix: '',
    });
  });

  it('is refused with every variable that is wrong, and without its value', () => {
    const problems = problemsOf({ KAFKA_BROKERS: 'hidden', KAFKA_TLS: 'hidden' });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(['KAFKA_BROKERS', 'KAFKA_TLS']);
    expect(problems.join()).not.toContain('hidden');
    expect(problemsOf({ KAFKA_SASL_PASSWORD: 'hidden' })).toEqual([
      'KAFKA_SASL_MECHANISM: is needed beside KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD',
    ]);
  });
});
