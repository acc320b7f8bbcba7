import { isJsonObject } from '@tidings/catalogue';
import { BodyMembers, hint, isStorableText } from '../api/body-members.js';
import { templateTypes } from '../destination-types/destination-types.js';
import { templateProblem } from './template-problem.js';
import type { TemplateState } from './template.repository.js';

const MEMBERS = ['name', 'type', 'description', 'params'];
const PARAMS = ['body', 'subject'];
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** @throws {DomainError} `invalid_query`, field by field */
export function readTemplateDraft(json: unknown): TemplateState {
  const body = new BodyMembers(json, MEMBERS);
  body.requiredName();
  body.requiredText('type', typesText());
  if (!body.has('params')) body.complain('params', 'is required: an object with body, which is base64, and subject');
  const state = stateOf(body);
  return {
    name: state.name ?? '',
    type: state.type ?? '',
    description: state.description ?? '',
    subject: state.subject ?? null,
    body: state.body ?? '',
  };
}

/** What is left out stays as it is. @throws {DomainError} `invalid_query`, field by field */
export function readTemplateReplacement(json: unknown): Partial<TemplateState> {
  return stateOf(new BodyMembers(json, MEMBERS));
}

function stateOf(members: BodyMembers): Partial<TemplateState> {
  const name = members.name();
  const description = members.description();
  const type = members.text('type', typesText());
  const types = templateTypes();
  if (type !== undefined && type !== '' && !types.includes(type)) {
    members.complain('type', `"${type.slice(0, 100)}" is no type of template here; ${hint(type, types)}`);
  }
  const params = members.value('params');
  const content = isJsonObject(params) ? contentOf(new BodyMembers(params, PARAMS, 'params')) : {};
  if (params !== undefined && !isJsonObject(params)) members.complain('params', 'must be a JSON object with body');
  members.end();
  return {
    ...(name !== undefined && { name }),
    ...(type !== undefined && { type }),
    ...(description !== undefined && { description }),
    ...content,
  };
}

/** A new content replaces the former one as a whole. */
function contentOf(params: BodyMembers): Pick<TemplateState, 'subject' | 'body'> {
  const encoded = params.requiredText('body', 'a Handlebars template in base64');
  const body = decoded(encoded);
  const problem =
    body === undefined ? 'must be the base64 of a text in UTF-8' : encoded === '' ? undefined : templateProblem(body);
  if (problem !== undefined) params.complain('body', problem);
  const subject = params.text('subject', 'a Handlebars template of one line');
  const subjectProblem = subject === undefined ? undefined : templateProblem(subject);
  if (subjectProblem !== undefined) params.complain('subject', subjectProblem);
  params.end();
  return { body: body ?? '', subject: subject === undefined || subject === '' ? null : subject };
}

function decoded(text: string): string | undefined {
  const plain = text.replace(/\s+/g, '');
  if (!BASE64.test(plain)) return undefined;
  try {
    const body = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(plain, 'base64'));
    return isStorableText(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

function typesText(): string {
  return `a type of template: ${templateTypes().join(', ')}`;
}
