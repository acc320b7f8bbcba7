import type { MessagePort } from 'node:worker_threads';

/** How values are written where a template says `{{…}}`; `{{{…}}}` writes texts as they are. */
export type Escaping = 'json' | 'html' | 'none';

/** A number that a double cannot hold: where it is in the event, and its digits. */
export type ExactPlace = readonly [path: readonly (string | number)[], digits: string];

export interface RenderRequest {
  readonly id: number;
  readonly source: string;
  readonly escaping: Escaping;
  /** The event as JSON. */
  readonly eventText: string;
  readonly exactPlaces: readonly ExactPlace[];
  readonly maxLength: number;
}

export type RenderAnswer =
  | { readonly isReady: true }
  | { readonly id: number; readonly text: string }
  | { readonly id: number; readonly problem: string };

type Template = (context: unknown, options: object) => string;
type Members = Record<string | number, unknown>;

interface HelperOptions {
  readonly name: string;
  readonly fn?: (context: unknown) => string;
  readonly inverse?: (context: unknown) => string;
}

/** A node of a parsed template, as far as it is changed. */
interface Mustache {
  escaped: boolean;
  path: { readonly type: string };
  params: unknown[];
  hash: unknown;
  readonly loc: unknown;
}

/** As much of Handlebars as is used. */
interface TemplateEngine {
  create(): TemplateEngine;
  readonly Utils: { escapeExpression: (value: unknown) => string };
  readonly Visitor: new () => { MustacheStatement: (node: Mustache) => void; accept(node: unknown): void };
  parse(source: string): unknown;
  compile(source: unknown, options: object): Template;
  registerHelper(helpers: Readonly<Record<string, unknown>>): void;
}

/**
 * What a renderer's thread runs. It is handed over as text, and so knows nothing but its arguments: no import, nothing
 * of this file.
 * @param load `require`
 */
export function renderLoop(load: (name: string) => unknown, port: MessagePort): void {
  const handlebars = load('handlebars') as TemplateEngine;
  const { randomUUID } = load('node:crypto') as { randomUUID: () => string };
  const keptTemplates = 500;
  /** Nothing in an event can look like what stands for a value until the text around it is known. */
  const secret = randomUUID();
  const marks = new RegExp(`<${secret} (\\d+)>`);
  const markedDigits = new RegExp(`"<${secret} ([-+.\\deE]+)>"`, 'g');
  const rawHelper = ` ${secret}`;

  /** A number with all of its digits. */
  class Digits {
    constructor(readonly digits: string) {}
    toJSON(): string {
      return `<${secret} ${this.digits}>`;
    }
  }

  const jsonOf = (value: object): string => {
    if (value === event) return eventText;
    const text = JSON.stringify(value);
    return text.includes(secret) ? text.replace(markedDigits, '$1') : text;
  };
  const textOf = (value: unknown): string => {
    if (value === undefined || value === null) return '';
    if (value instanceof Digits) return value.digits;
    if (typeof value === 'string') return value;
    return typeof value === 'object' ? jsonOf(value) : JSON.stringify(value);
  };
  const isObject = (value: unknown): value is object =>
    typeof value === 'object' && value !== null && !(value instanceof Digits);

  // Of the rendering at hand.
  let event: unknown;
  let eventText = '';
  let marked: object[] = [];

  /** Whether an object stands between quotes is known when everything is written. */
  const mark = (value: object): string => `<${secret} ${marked.push(value) - 1}>`;
  const quoted = (text: string): string => JSON.stringify(text).slice(1, -1);
  const escapeHtml = handlebars.Utils.escapeExpression;
  const escapings: Record<string, (value: unknown) => string> = {
    // Between the quotes that the template writes: nothing in an event can end the text it stands in.
    json: (value) => (isObject(value) ? mark(value) : quoted(textOf(value))),
    html: (value) => escapeHtml(typeof value === 'object' ? textOf(value) : value),
    none: textOf,
  };

  /** Whether a text of JSON that follows ends within quotes. */
  const endsInQuotes = (text: string, beginsInQuotes: boolean): boolean => {
    let inQuotes = beginsInQuotes;
    for (let at = 0; at < text.length; at += 1) {
      const character = text.charCodeAt(at);
      if (character === 34) inQuotes = !inQuotes;
      else if (character === 92 && inQuotes) at += 1;
    }
    return inQuotes;
  };
  /** Puts the objects in: as JSON, and between quotes as JSON within a text. */
  const withObjects = (text: string, maxLength: number): string => {
    if (marked.length === 0) return text;
    let written = '';
    let inQuotes = false;
    for (const [number, part] of text.split(marks).entries()) {
      if (number % 2 === 0) {
        inQuotes = endsInQuotes(part, inQuotes);
        written += part;
      } else {
        const json = jsonOf(marked[Number(part)] ?? {});
        written += inQuotes ? quoted(json) : json;
      }
      if (written.length > maxLength) break;
    }
    return written;
  };

  /** A condition that is a block as well as a subexpression; by itself it is a member of the event like any other. */
  const condition = (holds: (a: unknown, b: unknown) => boolean) =>
    function (this: unknown, ...given: unknown[]): unknown {
      const { name, fn, inverse } = given.pop() as HelperOptions;
      if (given.length === 0 && fn === undefined) return memberOf(this, name);
      const said = holds(given[0], given[1]);
      if (fn === undefined) return said;
      return said ? fn(this) : (inverse?.(this) ?? '');
    };
  const memberOf = (value: unknown, name: string): unknown =>
    isObject(value) && Object.prototype.hasOwnProperty.call(value, name) ? (value as Members)[name] : undefined;
  /** Senders of extension attributes can only write texts, so objects come as JSON. */
  const unwrapped = (value: unknown): unknown => {
    if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
    try {
      return JSON.parse(value) as unknown;
    } catch {
      return value;
    }
  };
  const helpers = {
    equal: condition((a, b) => textOf(a) === textOf(b)),
    contains: condition((whole, part) =>
      Array.isArray(whole)
        ? whole.some((item) => textOf(item) === textOf(part))
        : textOf(part) !== '' && textOf(whole).includes(textOf(part)),
    ),
    /** What is said of the receivers of a mail: of each address there may be an object. */
    ibmenreferer(this: unknown, ...given: unknown[]): unknown {
      const { name } = given.pop() as HelperOptions;
      if (given.length === 0) return memberOf(this, name);
      const [people, addresses, key] = given;
      const all = unwrapped(addresses);
      const said = (Array.isArray(all) ? all : [all]).map((address) =>
        textOf(memberOf(memberOf(unwrapped(people), textOf(address)), textOf(key))),
      );
      return said.filter((text) => text !== '').join(', ');
    },
    /** It would write to the log of the process. */
    log(this: unknown, ...given: unknown[]): unknown {
      const { name } = given.pop() as HelperOptions;
      return given.length === 0 ? memberOf(this, name) : '';
    },
    [rawHelper]: (value: unknown) => (currentEscaping === 'json' && isObject(value) ? mark(value) : textOf(value)),
  };
  let currentEscaping = '';

  /** `{{{…}}}` is appended as JavaScript writes it, which of an object is nothing that anybody wants. */
  const parsed = (source: string): unknown => {
    const program = handlebars.parse(source);
    const visitor = new handlebars.Visitor();
    visitor.MustacheStatement = (node) => {
      if (node.escaped || node.path.type !== 'PathExpression') return;
      const { path, params, hash, loc } = node;
      const inner = params.length > 0 || hash !== undefined ? { type: 'SubExpression', path, params, hash, loc } : path;
      node.params = [inner];
      node.hash = undefined;
      node.path = {
        type: 'PathExpression',
        data: false,
        depth: 0,
        parts: [rawHelper],
        original: rawHelper,
        loc,
      } as never;
    };
    visitor.accept(program);
    return program;
  };

  const templates = new Map<string, Template>();
  const templateOf = (source: string, escaping: string): Template => {
    const key = `${escaping}:${source}`;
    let template = templates.get(key);
    if (template === undefined) {
      const engine = handlebars.create();
      engine.registerHelper(helpers);
      template = engine.compile(parsed(source), { knownHelpersOnly: false, preventIndent: true });
      if (templates.size >= keptTemplates) templates.clear();
      templates.set(key, template);
    }
    return template;
  };

  const read = ({ eventText: text, exactPlaces }: RenderRequest): unknown => {
    const given = JSON.parse(text) as Members;
    for (const [path, digits] of exactPlaces) {
      let holder = given;
      for (const step of path.slice(0, -1)) holder = holder[step] as Members;
      holder[path[path.length - 1] ?? ''] = new Digits(digits);
    }
    if (!('event_payload' in given)) Object.defineProperty(given, 'event_payload', { value: given });
    return given;
  };

  const render = (request: RenderRequest): RenderAnswer => {
    const { id, source, escaping, maxLength } = request;
    try {
      const template = templateOf(source, escaping);
      event = read(request);
      eventText = request.eventText;
      currentEscaping = escaping;
      // Read by the runtime when the template is first run, and by every helper: there is one for all.
      handlebars.Utils.escapeExpression = escapings[escaping] ?? escapeHtml;
      const text = withObjects(
        template(event, { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false }),
        maxLength,
      );
      if (text.length <= maxLength) return { id, text };
      return { id, problem: `The template makes more than ${maxLength} characters of this event.` };
    } catch (error) {
      return { id, problem: `The template fails: ${error instanceof Error ? error.message : String(error)}` };
    } finally {
      event = undefined;
      eventText = '';
      marked = [];
    }
  };

  port.on('message', (request: RenderRequest) => port.postMessage(render(request)));
  port.postMessage({ isReady: true } satisfies RenderAnswer);
}
