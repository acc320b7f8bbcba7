import type { Catalogue } from './catalogue.js';
import type { SystemDefinition } from './definition.js';
import type { EventType } from './event-type.js';
import type { JsonSchema } from './schema.js';

/** The catalogue as a page of Markdown, for people who choose what to subscribe to or what to send. */
export function eventsPage(catalogue: Catalogue): string {
  const types = catalogue.types();
  const sections = catalogue.systems().map((system) => systemSection(catalogue, system));
  return [
    '# Events',
    'Made from the catalogue (`npm test -- events-page --update` writes it anew); do not edit it by hand.',
    `${types.length} types of ${catalogue.systems().length} systems, on ${catalogue.kafkaTopics().length} Kafka topics. ` +
      'Queries and filters take the type or the native type. The fields are those of `data`; **bold** ones are required, ' +
      'every other may be missing or null, and fields that are not listed are kept.',
    [
      '| System | Types | Groups | Types begin with |',
      '| --- | --- | --- | --- |',
      ...catalogue.systems().map(({ name, title, typePrefix }) => {
        const own = types.filter((type) => type.system === name);
        return `| [${title}](#${name}) | ${own.length} | ${catalogue.groups(name).size} | \`${typePrefix}\` |`;
      }),
    ].join('\n'),
    ...sections,
    '',
  ].join('\n\n');
}

function systemSection(catalogue: Catalogue, { name, title, scopeRoles }: SystemDefinition): string {
  const scopes = Object.keys(scopeRoles).map((kind) => `\`${name}:<site>:${kind}:<id>\``);
  const groups = [...catalogue.groups(name)].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    // The name and not the title, so that the link to it is the name as well.
    `## ${name}`,
    `${title}. Scopes: \`${name}:<site>\`${scopes.map((scope) => `, ${scope}`).join('')}. ` +
      `Types that nobody declared travel on \`lifecycle.${name}.uncatalogued\`.`,
    ...groups.map(([group, types]) => groupSection(group, types)),
  ].join('\n\n');
}

function groupSection(group: string, types: readonly EventType[]): string {
  const home = types.filter((type) => type.domain === group);
  const guests = types.filter((type) => type.domain !== group);
  const [first] = types;
  return [
    `### ${first?.system ?? ''}: ${group}`,
    ...(home.length === 0
      ? []
      : [
          `On \`${home[0]?.kafkaTopic ?? ''}\`.`,
          [
            '| Type | Native type | Version | Summary |',
            '| --- | --- | --- | --- |',
            ...home.map(
              ({ type, nativeType, version, summary }) =>
                `| \`${type}\` | \`${nativeType}\` | ${version} | ${cell(summary)} |`,
            ),
          ].join('\n'),
          fieldLists(home),
        ]),
    ...(guests.length === 0
      ? []
      : [`Of other groups: ${guests.map(({ nativeType, domain }) => `\`${nativeType}\` (${domain})`).join(', ')}.`]),
  ].join('\n\n');
}

/** What each type's data holds, said once for all the types that hold the same. */
function fieldLists(types: readonly EventType[]): string {
  const byFields = new Map<string, string[]>();
  for (const { nativeType, schema } of types) {
    const fields = fieldsOf(schema, '').join(', ');
    byFields.set(fields, [...(byFields.get(fields) ?? []), nativeType]);
  }
  if (byFields.size === 1) return `Fields: ${[...byFields.keys()].join('')}.`;
  return [...byFields]
    .map(([fields, names]) => `- ${names.map((name) => `\`${name}\``).join(', ')}: ${fields === '' ? 'none' : fields}.`)
    .join('\n');
}

function fieldsOf(schema: JsonSchema, prefix: string): readonly string[] {
  const required = (schema['required'] ?? []) as readonly string[];
  return Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>)
    .sort(([a], [b]) => Number(required.includes(b)) - Number(required.includes(a)) || (a < b ? -1 : 1))
    .flatMap(([name, property]) => {
      const isRequired = required.includes(name);
      const path = `\`${prefix}${name}\``;
      const inner = fieldsOf(property, `${prefix}${name}.`);
      // A required field inside says as much of what it is in.
      if (isRequired && inner.some((field) => field.startsWith('**'))) return inner;
      return [`${isRequired ? `**${path}**` : path} ${kindOf(property)}`, ...inner];
    });
}

function kindOf(property: JsonSchema): string {
  const { type, anyOf, enum: values } = property;
  const choice = Array.isArray(values) ? values.filter((value) => value !== null) : [];
  // A field with one choice says the type's own name; that it is text is enough to know here.
  if (choice.length > 1) return choice.map((value) => `\`${String(value)}\``).join(' or ');
  if (Array.isArray(anyOf)) return kinds((anyOf as readonly JsonSchema[]).map(kindOf));
  if (typeof type === 'string') return type;
  return Array.isArray(type) ? kinds(type as readonly string[]) : 'any JSON';
}

function kinds(names: readonly string[]): string {
  return [...new Set(names.filter((name) => name !== 'null'))].join(' or ');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
