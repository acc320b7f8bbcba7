import type { ApiDocument, DocumentedOperation } from './document.js';
import { htmlPage, prose, text } from './html-page.js';

/** The document for people: one page that needs no script and nothing from elsewhere. */
export function documentPage({ info, paths, components }: ApiDocument): string {
  const tags = new Map<string, string[]>();
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags[0] ?? '';
      tags.set(tag, [...(tags.get(tag) ?? []), operationPart(method, path, operation)]);
    }
  }
  const parts = [...tags].map(([tag, operations]) => `<h2>${text(tag)}</h2>\n${operations.join('\n')}`);
  return htmlPage(`${info.title}: the API`, [
    `<h1>${text(info.title)} ${text(info.version)}</h1>`,
    `<p>${prose(info.description)} For programs: <a href="/docs/openapi.json">openapi.json</a>.</p>`,
    ...parts,
    '<h2>Schemas</h2>',
    ...Object.entries(components.schemas).map(([name, schema]) => schemaPart(name, schema)),
  ]);
}

function operationPart(method: string, path: string, operation: DocumentedOperation): string {
  const parameters = operation.parameters.map(
    ({ name, in: place, description, schema, example }) =>
      `<tr><td><code>${text(name)}</code></td><td>${place}</td><td>${prose(description)}</td>` +
      `<td><code>${text(JSON.stringify(schema))}</code></td><td><code>${text(JSON.stringify(example))}</code></td></tr>`,
  );
  const answers = Object.entries(operation.responses).map(
    ([status, { description, content }]) =>
      `<tr><td>${text(status)}</td><td>${prose(description)}</td><td>${schemaLinks(content)}</td></tr>`,
  );
  return [
    `<details><summary><b>${text(method.toUpperCase())}</b> <code>${text(path)}</code> ${prose(operation.summary)}</summary>`,
    `<p>${prose(operation.description)}</p>`,
    parameters.length === 0
      ? ''
      : `<table><tr><th>parameter</th><th>in</th><th></th><th>schema</th><th>example</th></tr>${parameters.join('')}</table>`,
    operation.requestBody === undefined
      ? ''
      : `<p>Body: ${schemaLinks(operation.requestBody)}</p><pre>${text(JSON.stringify(operation.requestBody, null, 2))}</pre>`,
    `<table><tr><th>status</th><th>answer</th><th>schema</th></tr>${answers.join('')}</table></details>`,
  ].join('\n');
}

/** What a body refers to by name stands at the end of the page. */
function schemaLinks(body: object | undefined): string {
  const names = JSON.stringify(body ?? {}).matchAll(/#\/components\/schemas\/(\w+)/g);
  return [...new Set([...names].map(([, name]) => name ?? ''))]
    .map((name) => `<a href="#${text(name)}">${text(name)}</a>`)
    .join(', ');
}

function schemaPart(name: string, schema: object): string {
  const json = text(JSON.stringify(schema, null, 2));
  return `<details id="${text(name)}"><summary><code>${text(name)}</code></summary>${schemaLinks(schema)}<pre>${json}</pre></details>`;
}
