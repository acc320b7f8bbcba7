import { applyDecorators } from '@nestjs/common';
import {
  ChoiceField,
  IntegerField,
  NestedField,
  NestedListField,
  Satisfies,
  TextField,
  TextListField,
  TimeField,
} from '@tidings/openapi';
import {
  DescriptionField,
  EXAMPLE,
  IdField,
  InstancePath,
  NameField,
  PathIdField,
  ShownDescriptionField,
  ShownNameField,
} from '../api/admin-fields.js';
import { ListEnvelope } from '../api/list.dto.js';
import { templateTypes } from '../destination-types/destination-types.js';
import { templateProblem } from './template-problem.js';
import type { StoredTemplate, TemplateState } from './template.repository.js';

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const EXAMPLE_TYPE = 'webhook.notification';
const EXAMPLE_BODY = Buffer.from('{"text": "{{data.message}}"}').toString('base64');

export class TemplatePath extends InstancePath {
  @PathIdField('The template’s id.')
  id!: string;
}

/** What a template is made of. */
export class TemplateParamsDraft {
  @TemplateBodyField()
  body!: string;

  @TemplateSubjectField()
  subject?: string;
}

/** A template that is asked for. */
export class TemplateDraft {
  @NameField({ example: 'short' })
  name!: string;

  @ChoiceField(templateTypes(), { example: EXAMPLE_TYPE })
  type!: string;

  @DescriptionField({ optional: true })
  description?: string;

  @NestedField(() => TemplateParamsDraft)
  params!: TemplateParamsDraft;
}

/** What is to be replaced in a template; what is left out stays as it is. */
export class TemplateReplacement {
  @NameField({ optional: true, example: 'short' })
  name?: string;

  @ChoiceField(templateTypes(), { optional: true, example: EXAMPLE_TYPE })
  type?: string;

  @DescriptionField({ optional: true })
  description?: string;

  @NestedField(() => TemplateParamsDraft, { optional: true })
  params?: TemplateParamsDraft;
}

export class TemplateParams {
  @TextField({ description: 'Handlebars, in base64.', example: EXAMPLE_BODY })
  body!: string;

  @TextField({ optional: true })
  subject?: string;
}

/** A template as the answer to its making shows it. */
export class CreatedTemplate {
  @IdField()
  id!: string;

  @ShownNameField({ example: 'short' })
  name!: string;

  @ShownDescriptionField()
  description!: string;

  @TextField({ example: EXAMPLE_TYPE })
  type!: string;

  @NestedField(() => TemplateParams)
  params!: TemplateParams;

  @TimeField({ example: EXAMPLE.time })
  created_at!: string;
}

/** A template as lists show it, without its content. */
export class ListedTemplate {
  @IdField()
  id!: string;

  @ShownNameField({ example: 'short' })
  name!: string;

  @ShownDescriptionField()
  description!: string;

  @TextField({ example: EXAMPLE_TYPE })
  type!: string;

  @IntegerField({ minimum: 0, example: 0 })
  subscription_count!: number;

  @TextListField({ example: [] })
  subscription_names!: readonly string[];

  @TimeField({ example: EXAMPLE.time })
  updated_at!: string;
}

export class Template extends ListedTemplate {
  @NestedField(() => TemplateParams)
  params!: TemplateParams;
}

export class TemplateList extends ListEnvelope {
  @NestedListField(() => ListedTemplate)
  templates!: ListedTemplate[];
}

/** What a request says of a template's state; a new content replaces the former one as a whole. */
export function templateStateOf({ params, ...members }: TemplateReplacement): Partial<TemplateState> {
  if (params === undefined) return members;
  return {
    ...members,
    body: decoded(params.body) ?? '',
    subject: params.subject === '' ? null : (params.subject ?? null),
  };
}

export function createdTemplateView(template: StoredTemplate): CreatedTemplate {
  const { id, name, description, type, created_at } = template;
  return { id, name, description, type, params: paramsOf(template), created_at: created_at.toISOString() };
}

export function listedTemplateView(template: StoredTemplate): ListedTemplate {
  const { id, name, description, type, updated_at, subscription_names } = template;
  return {
    id,
    name,
    description,
    type,
    subscription_count: subscription_names.length,
    subscription_names,
    updated_at: updated_at.toISOString(),
  };
}

export function templateView(template: StoredTemplate): Template {
  return { ...listedTemplateView(template), params: paramsOf(template) };
}

function paramsOf({ body, subject }: StoredTemplate): TemplateParams {
  return { body: Buffer.from(body, 'utf8').toString('base64'), ...(subject !== null && { subject }) };
}

function TemplateBodyField(): PropertyDecorator {
  return applyDecorators(
    TextField({
      description: 'Handlebars, in base64.',
      minLength: 1,
      rule: 'must be a Handlebars template in base64',
      example: EXAMPLE_BODY,
    }),
    Satisfies((text) => {
      if (typeof text !== 'string' || text === '') return undefined;
      const body = decoded(text);
      return body === undefined ? 'must be the base64 of a text in UTF-8' : templateProblem(body);
    }),
  );
}

function TemplateSubjectField(): PropertyDecorator {
  return applyDecorators(
    TextField({ description: 'Handlebars.', rule: 'must be a Handlebars template of one line', optional: true }),
    Satisfies((text) => (typeof text === 'string' ? templateProblem(text) : undefined)),
  );
}

function decoded(text: string): string | undefined {
  const plain = text.replace(/\s+/g, '');
  if (!BASE64.test(plain)) return undefined;
  try {
    const body = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(plain, 'base64'));
    return body.includes('\u0000') ? undefined : body;
  } catch {
    return undefined;
  }
}
