import type { StoredTemplate } from './template.repository.js';

/** As the answer to its making shows it. */
export function createdTemplateView(template: StoredTemplate) {
  const { id, name, description, type, created_at } = template;
  return { id, name, description, type, params: paramsOf(template), created_at: created_at.toISOString() };
}

/** As lists show it, without its content. */
export function listedTemplateView({ id, name, description, type, updated_at, subscription_names }: StoredTemplate) {
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

export function templateView(template: StoredTemplate) {
  return { ...listedTemplateView(template), params: paramsOf(template) };
}

function paramsOf({ body, subject }: StoredTemplate) {
  return { body: Buffer.from(body, 'utf8').toString('base64'), ...(subject !== null && { subject }) };
}
