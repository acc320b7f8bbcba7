import { SAFE_REPLICAS } from './lifecycle-topics.js';
import type { TopicDescription, TopicFinding, TopicSpec } from './port.js';

/** Where an existing kafkaTopic differs from what was asked for. Nothing is changed: that is for a person to decide. */
export function topicFindings(spec: TopicSpec, found: TopicDescription | undefined): readonly TopicFinding[] {
  const { kafkaTopic } = spec;
  if (found === undefined) return [{ kafkaTopic, finding: 'could not be described' }];
  const findings: string[] = [];
  if (found.partitions < spec.partitions) {
    findings.push(`has ${found.partitions} partitions, ${spec.partitions} were asked for`);
  }
  if (found.replicationFactor < spec.replicationFactor) {
    findings.push(`has ${found.replicationFactor} replicas, ${spec.replicationFactor} were asked for`);
  }
  if (found.config === undefined) findings.push('its configuration may not be read by this account');
  else findings.push(...configFindings(spec.config ?? {}, found.config), ...safetyFindings(spec, found));
  return findings.map((finding) => ({ kafkaTopic, finding }));
}

/** Findings for people: a cluster of other settings differs in every kafkaTopic alike, which is one line for all of them. */
export function topicWarnings(findings: readonly TopicFinding[]): readonly string[] {
  const kafkaTopics = new Map<string, string[]>();
  for (const { kafkaTopic, finding } of findings) {
    kafkaTopics.set(finding, [...(kafkaTopics.get(finding) ?? []), kafkaTopic]);
  }
  return [...kafkaTopics].map(([finding, [first, ...others]]) => {
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    return `${first}${more}: ${finding}; it is left as it is`;
  });
}

/** More than was asked for does no harm here. */
const MINIMA = new Set(['max.message.bytes', 'min.insync.replicas']);
/** Nor does less here. */
const MAXIMA = new Set(['segment.ms']);
/** Whatever it is, consumers read it. */
const ANY = new Set(['compression.type']);

/** The number of replicas may be the broker's choice, and is known only of a kafkaTopic that is there. */
function safetyFindings({ config }: TopicSpec, found: TopicDescription): string[] {
  const inSync = Number(found.config?.['min.insync.replicas']);
  const isAsked = config?.['min.insync.replicas'] !== undefined;
  if (isAsked || found.replicationFactor < SAFE_REPLICAS || !(inSync < SAFE_REPLICAS - 1)) return [];
  const what = `has ${found.replicationFactor} replicas, and min.insync.replicas is ${inSync}`;
  return [`${what}: an acknowledged event may lie on one disk; set it to ${SAFE_REPLICAS - 1}`];
}

function configFindings(asked: Readonly<Record<string, string>>, found: Readonly<Record<string, string>>): string[] {
  return Object.entries(asked).flatMap(([name, value]) => {
    const actual = found[name];
    if (actual === value || ANY.has(name)) return [];
    if (MINIMA.has(name) && Number(actual) >= Number(value)) return [];
    if (MAXIMA.has(name) && Number(actual) <= Number(value)) return [];
    return [`${name} is ${actual ?? 'unknown'}, ${value} was asked for`];
  });
}
