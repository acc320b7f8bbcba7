import { rmSync } from 'node:fs';
import { DataDirectory, EmbeddedKafka } from '@tidings/standalone';
import { cacheDirectory, temporaryFolder } from '../harness/embedded-servers.js';

/** A Kafka beside a store that outlives it. */
export interface KafkaServer {
  readonly brokers: readonly string[];
  stop(): Promise<void>;
}

export async function startKafka(): Promise<KafkaServer> {
  const directory = DataDirectory.open(temporaryFolder());
  const kafka = new EmbeddedKafka({
    directory,
    cacheDirectory: cacheDirectory(),
    port: 0,
    ...(process.env['JAVA_HOME'] === undefined ? {} : { javaHome: process.env['JAVA_HOME'] }),
    isOpen: true,
    jvmFlags: ['-Xms512m', '-Xmx512m', '-XX:+UseG1GC'],
  });
  const stop = async (): Promise<void> => {
    await kafka.stop();
    directory.release();
    rmSync(directory.path, { recursive: true, force: true });
  };
  try {
    await kafka.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { brokers: kafka.brokers, stop };
}
