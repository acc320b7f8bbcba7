import type { ApiDocument, DocumentedOperation } from './document.js';

const STYLE = [
  'body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}',
  'details{border:1px solid #ccc;border-radius:4px;margin:.4rem 0;padding:.4rem .8rem}summary{cursor:pointer}',
  'code{background:#f2f2f2;padding:0 .2em}table{border-collapse:collapse;width:100%;margin:.5rem 0}',
  'td,th{border-top:1px solid #ddd;padding:.2rem .5rem;text-align:left;vertical-align:top}',
  'pre{background:#f2f2f2;padding:.6rem;overflow:auto;max-height:20rem}',
].join('\n');

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
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><title>${text(info.title)}: the API</title>`,
    `<meta name="viewport" content="width=device-width, initial-scale=1"><style>${STYLE}</style></head><body>`,
    `<h1>${text(info.title)} ${text(info.version)}</h1>`,
    `<p>${prose(info.description)} For programs: <a href="/docs/openapi.json">openapi.json</a>.</p>`,
    ...parts,
    '</body></html>\n',
  ].join('\n');
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

/** Code in backticks, as the document's texts have it. */
function prose(markdown: string): string {
  return text(markdown).replace(/`([^`]+)`/g, '<code>$1</code>');
}

function text(plain: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return plain.replace(/[&<>"]/g, (character) => entities[character] ?? '');
}
