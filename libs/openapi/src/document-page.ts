import type { ApiDocument, DocumentedOperation } from './document.js';
import { htmlPage, prose, text } from './html-page.js';

/** The document for people: one page that needs no script and nothing from elsewhere. */
export function documentPage({ info, paths }: ApiDocument): string {
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
  ]);
}

function operationPart(method: string, path: string, operation: DocumentedOperation): string {
  const parameters = operation.parameters.map(
    ({ name, in: place, description, schema, example }) =>
      `<tr><td><code>${text(name)}</code></td><td>${place}</td><td>${prose(description)}</td>` +
      `<td><code>${text(JSON.stringify(schema))}</code></td><td><code>${text(JSON.stringify(example))}</code></td></tr>`,
  );
  const answers = Object.entries(operation.responses).map(
    ([status, { description }]) => `<tr><td>${text(status)}</td><td>${prose(description)}</td></tr>`,
  );
  return [
    `<details><summary><b>${text(method.toUpperCase())}</b> <code>${text(path)}</code> ${prose(operation.summary)}</summary>`,
    `<p>${prose(operation.description)}</p>`,
    parameters.length === 0
      ? ''
      : `<table><tr><th>parameter</th><th>in</th><th></th><th>schema</th><th>example</th></tr>${parameters.join('')}</table>`,
    operation.requestBody === undefined ? '' : `<pre>${text(JSON.stringify(operation.requestBody, null, 2))}</pre>`,
    `<table><tr><th>status</th><th>answer</th></tr>${answers.join('')}</table></details>`,
  ].join('\n');
}
