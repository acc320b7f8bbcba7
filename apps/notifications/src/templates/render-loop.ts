import type { MessagePort } from 'node:worker_threads';

/** How values are written where a template says `{{…}}`; `{{{…}}}` writes them as they are. */
export type Escaping = 'json' | 'html' | 'none';

export interface RenderRequest {
  readonly id: number;
  readonly source: string;
  readonly escaping: Escaping;
  /** The event as JSON. */
  readonly eventText: string;
  readonly maxLength: number;
}

export type RenderAnswer =
  | { readonly isReady: true }
  | { readonly id: number; readonly text: string }
  | { readonly id: number; readonly problem: string };

/** As much of Handlebars as is used. */
interface TemplateEngine {
  create(): TemplateEngine;
  readonly Utils: { escapeExpression: (value: unknown) => string };
  compile(source: string, options: object): (context: unknown, options: object) => string;
  unregisterHelper(name: string): void;
}

/**
 * What a renderer's thread runs. It is handed over as text, and so knows nothing but its arguments: no import, nothing
 * of this file.
 * @param load `require`
 */
export function renderLoop(load: (name: string) => unknown, port: MessagePort): void {
  const handlebars = load('handlebars') as TemplateEngine;
  const keptTemplates = 500;
  const asText = (value: unknown): string => {
    if (value === undefined || value === null) return '';
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
  const escapeHtml = handlebars.Utils.escapeExpression;
  const escapings: Record<string, (value: unknown) => string> = {
    // Between the quotes that the template writes: nothing in an event can end the text it stands in.
    json: (value) => (typeof value === 'object' ? asText(value) : JSON.stringify(asText(value)).slice(1, -1)),
    html: (value) => escapeHtml(typeof value === 'object' ? asText(value) : value),
    none: asText,
  };
  const templates = new Map<string, (context: unknown, options: object) => string>();

  const templateOf = (source: string, escaping: string): ((context: unknown, options: object) => string) => {
    const key = `${escaping}:${source}`;
    let template = templates.get(key);
    if (template === undefined) {
      const engine = handlebars.create();
      // It would write to the log of the process.
      engine.unregisterHelper('log');
      template = engine.compile(source, { knownHelpersOnly: false, preventIndent: true });
      if (templates.size >= keptTemplates) templates.clear();
      templates.set(key, template);
    }
    return template;
  };

  port.on('message', ({ id, source, escaping, eventText, maxLength }: RenderRequest) => {
    let answer: RenderAnswer;
    try {
      const template = templateOf(source, escaping);
      // Read by the runtime when the template is first run, and by every helper: there is one for all.
      handlebars.Utils.escapeExpression = escapings[escaping] ?? escapeHtml;
      const text = template(JSON.parse(eventText), {
        allowProtoPropertiesByDefault: false,
        allowProtoMethodsByDefault: false,
      });
      answer =
        text.length > maxLength
          ? { id, problem: `The template makes more than ${maxLength} characters of this event.` }
          : { id, text };
    } catch (error) {
      answer = { id, problem: `The template fails: ${error instanceof Error ? error.message : String(error)}` };
    }
    port.postMessage(answer);
  });
  port.postMessage({ isReady: true } satisfies RenderAnswer);
}
