import { join } from 'node:path';
import { inject } from 'vitest';
import { type Missing, pythonEnvironment } from '../../harness/python-environment.js';
import { REPOSITORY } from '../../harness/repository.js';

const FOLDER = join(REPOSITORY, 'test', 'integration', 'transport');

/** What is written, to partition 0. */
export interface ForeignMessage {
  readonly key?: string;
  /** `#` stands for the number of the copy. */
  readonly value?: string;
  /** So many letters, instead of a value. */
  readonly bytes?: number;
  readonly headers?: readonly (readonly [name: string, value: string | null])[];
  /** So many more headers, each of another name. */
  readonly manyHeaders?: number;
  /** Milliseconds; the present unless given. */
  readonly timestamp?: number;
  /** How many copies are written; default 1. */
  readonly times?: number;
}

export interface ForeignOrder {
  readonly kafkaTopic: string;
  /** librdkafka's own. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  readonly messages?: readonly ForeignMessage[];
  readonly transactions?: readonly {
    readonly messages: readonly ForeignMessage[];
    /** `leave`: it stays open, and the process ends. */
    readonly end: 'commit' | 'abort' | 'leave';
  }[];
}

/** A producer of another house: librdkafka, by its Python client. */
export interface ForeignProducer {
  /** Resolves when the broker has everything. @throws {Error} with what librdkafka says */
  write(order: ForeignOrder): Promise<void>;
}

/** @returns why there is none here */
export async function foreignProducer(): Promise<ForeignProducer | Missing> {
  const python = await pythonEnvironment(join(FOLDER, 'requirements.txt'));
  if ('missing' in python) return python;
  return {
    write: async (order) => {
      const given = JSON.stringify({ ...order, brokers: inject('brokers') });
      const { code, stderr } = await python.run(join(FOLDER, 'foreign-producer.py'), [given], {}, { timeout: 120_000 });
      if (code !== 0) throw new Error(`the producer ended with ${code}: ${stderr}`);
    },
  };
}
