import { consumingCases } from './consuming-cases.js';
import type { ConformanceCase } from './conformance-world.js';
import { groupCases } from './group-cases.js';
import { publishingCases } from './publishing-cases.js';
import { topicCases } from './topic-cases.js';

export type { ConformanceCase, ConformanceWorld } from './conformance-world.js';

/** Every promise of the port, as cases that any test runner can run against a driver. */
export const transportConformance: readonly ConformanceCase[] = [
  ...publishingCases,
  ...consumingCases,
  ...groupCases,
  ...topicCases,
];
