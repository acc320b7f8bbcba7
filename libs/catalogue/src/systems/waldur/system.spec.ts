import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../definition.js';
import type { JsonSchema } from '../../schema.js';
import { catalogue } from '../index.js';
import { waldurScopeTypes } from './scope-types.js';
import { waldur } from './system.js';

const declared = catalogue.types().filter(({ system }) => system === 'waldur');

/** Every path that a row names, templates taken apart. */
function pathsOf(paths: string | readonly string[]): readonly string[] {
  return [paths]
    .flat()
    .flatMap((path) => (path.includes('{') ? [...path.matchAll(/\{([^}]*)\}/g)].map(fieldIn) : path));
}

function fieldIn(match: RegExpMatchArray): string {
  return match[1] ?? '';
}

function isInSchema(schema: JsonSchema, path: string): boolean {
  let place: JsonSchema | undefined = schema;
  for (const step of path.split('.')) place = (place?.['properties'] as Record<string, JsonSchema> | undefined)?.[step];
  return place !== undefined;
}

/** How the last words of a name say that it ended; what no such word ends simply happened. */
const ENDINGS: readonly (readonly [RegExp, Outcome])[] = [
  [/_succeeded$/, 'succeeded'],
  [/(_failed|login_failed_with_username|_erred_on_backend)$/, 'failed'],
  [/(_scheduled|_requested|_request_created|_deletion_triggered|^marketplace_order_created)$/, 'scheduled'],
  [/^marketplace_order_approved$/, 'in_progress'],
  [/(_canceled|^marketplace_order_terminated|_rejected)$/, 'cancelled'],
];

describe("Waldur's event types", () => {
  it('name fields that their payloads have, wherever they read one', () => {
    for (const type of declared) {
      const row = waldur.events[type.nativeType as keyof typeof waldur.events];
      const facets = Object.values(waldur.facets ?? {});
      for (const path of pathsOf([...row.subject, ...Object.values(row.scopes).flat(), ...facets.flat()])) {
        expect({ type: type.type, path, there: isInSchema(type.schema, path) }).toMatchObject({ there: true });
      }
    }
  });

  it('have a subject and somebody they belong to wherever their examples say so', () => {
    for (const type of declared) {
      expect({ type: type.type, subject: type.subjectOf(type.example) }).not.toMatchObject({ subject: undefined });
    }
    const resource = catalogue.type('com.waldur.resource_stop_failed');
    expect(resource?.scopeOf('tenant', resource.example)).toBe('47eaa0992cb6416d86dc283cf0480ff9');
    expect(resource?.scopeOf('project', resource.example)).toBe('59ba1b0d5c904158a909406c2e416788');
    expect(resource?.scopeOf('actor', resource.example)).toBe('3b041641178844f2a60df25453fe2e85');
    expect(resource?.facetOf('authMethod', { context: { auth_method: 'pat' } })).toBe('pat');
    expect(resource?.facetOf('personalToken', { context: { pat_uuid: 'a'.repeat(32) } })).toBe('a'.repeat(32));
  });

  it('end as their names say', () => {
    for (const { nativeType, outcomeOf, example } of declared) {
      const outcome = ENDINGS.find(([ending]) => ending.test(nativeType))?.[1] ?? 'succeeded';
      expect({ nativeType, outcome: outcomeOf(example) }).toEqual({ nativeType, outcome });
    }
  });

  it("are said in Waldur's words, or in a line made of the entity's name, or of nothing at all", () => {
    for (const { type, messageOf, summary, example } of declared) {
      expect(messageOf({ ...example, message: 'Said.' })).toBe('Said.');
      const { message, ...silent } = example;
      expect(messageOf(silent)).toBe(message);
      for (const useless of [undefined, null, 7, [], {}, { message: 7 }, { context: null }, { context: [] }]) {
        expect({ type, said: messageOf(useless) }).toEqual({ type, said: `${summary}.` });
      }
    }
    const credit = catalogue.type('com.waldur.reduction_of_customer_credit');
    expect(credit?.messageOf({ context: { customer_name: 'Nordic Genome Lab' } })).toBe(
      'The credit of a customer (Nordic Genome Lab) was reduced.',
    );
  });

  it('have summaries of one line that tell them apart within a group', () => {
    for (const types of catalogue.groups('waldur').values()) {
      expect(new Set(types.map(({ summary }) => summary)).size).toBe(types.length);
    }
    for (const { summary } of declared) expect(summary).toMatch(/^[A-Z][^\n]{10,90}[a-zA-Z0-9]$/);
  });

  // What Waldur's sources send, where that is less than one would think.
  it.each([
    ['payment_added', { amount: '10.00', customer_uuid: 'a'.repeat(32) }, 'a'.repeat(32)],
    ['invoice_paid', { month: 1, year: 2023, customer_uuid: 'a'.repeat(32) }, `${'a'.repeat(32)}/2023-1`],
    ['invoice_item_created', { customer_uuid: 'a'.repeat(32) }, 'a'.repeat(32)],
    ['project_deletion_succeeded', { project_uuid: 'b'.repeat(32), project_end_date: 'None' }, 'b'.repeat(32)],
    ['customer_permission_review_created', { customer_permission_review_uuid: 'c'.repeat(32) }, 'c'.repeat(32)],
    ['auth_login_failed_with_username', { username: 'aino', ip_address: '192.0.2.1' }, 'aino'],
    ['review_canceled', { review: 'Review object (12)' }, 'Review object (12)'],
    ['marketplace_offering_component_created', { offering_component_type: 'cpu' }, 'cpu'],
    ['resource_robot_account_created', { robot_account_type: 'CI', robot_account_username: '' }, 'CI'],
    [
      'openstack_security_group_rule_deleted',
      { security_group_uuid: 'd'.repeat(32), security_group_rule_from_port: 'None' },
      'd'.repeat(32),
    ],
    ['set_to_zero_overdue_credit', { customer_uuid: 'a'.repeat(32), credit_end_date: '2026-11-01' }, 'a'.repeat(32)],
    ['reduction_of_project_credit', { customer_uuid: 'a'.repeat(32), consumption: '1E+2' }, 'a'.repeat(32)],
    ['access_subnet_deletion_succeeded', { customer_uuid: 'a'.repeat(32), access_subnet_inet: 'None' }, /None$/],
    ['issue_deletion_succeeded', { issue_uuid: 'e'.repeat(32), issue_customer: 'None' }, 'e'.repeat(32)],
  ])('take %s with nothing but what every Waldur sends', (nativeType, context, subject) => {
    const type = catalogue.type(`com.waldur.${nativeType}`);
    expect(type?.validate({ message: '…', context })).toEqual([]);
    expect(type?.subjectOf({ context })).toMatch(subject);
  });

  it('never require anything of a request, for Waldur acts on its own as well', () => {
    const ofRequest = ['ip_address', 'auth_method', 'pat_uuid', 'pat_name', 'user_username', 'user_full_name'];
    for (const { type, schema } of declared) {
      const context = (schema['properties'] as Record<string, JsonSchema>)['context'];
      for (const field of ofRequest) expect({ type, required: context?.['required'] ?? [] }).not.toContain(field);
    }
  });
});

describe('the scope types', () => {
  it('are named app.model, each once', () => {
    expect(new Set(waldurScopeTypes).size).toBe(waldurScopeTypes.length);
    for (const name of waldurScopeTypes) expect(name).toMatch(/^[a-z]+\.[a-z]+$/);
    expect(waldurScopeTypes).toEqual(expect.arrayContaining(['structure.customer', 'structure.project', 'core.user']));
  });
});
