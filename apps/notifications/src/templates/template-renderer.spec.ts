import { TEMPLATE_LIMITS } from '@tidings/catalogue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Escaping } from './render-loop.js';
import { TEMPLATE_HELPERS, templateProblem } from './template-problem.js';
import { type Rendering, RenderingPostponed, TemplateRenderer } from './template-renderer.js';

const DATA =
  '{"said":"a \\"quoted\\" <b>\\n","level":"HIGH","text":"prod-7","log":"a member","contains":"too","secrets":[{"name":"a\\"b"}],' +
  '"breaking":{",\\"x\\":":"{"},"n":12345678901234567891,"nested":{"n":[0.12345678901234567891]},"flag":false,"zero":0,' +
  `"toHTML":"x","items":[${Array.from({ length: 50 }, (_, index) => index).join(',')}]}`;
const MAIL =
  ',"personalization":"{\\"a@x.org\\":{\\"name\\":\\"Ann\\"}}","ibmenmailto":"[\\"a@x.org\\",\\"b@x.org\\"]"';
const EVENT = `{"id":"1","data":${DATA}${MAIL}}`;
/** Fifty to the power of sixteen. */
const ENDLESS = `${'{{#each @root.data.items}}'.repeat(16)}x${'{{/each}}'.repeat(16)}`;

describe('a template', () => {
  let renderer: TemplateRenderer;
  const render = async (source: string, escaping: Escaping = 'json', tenant = 'a'): Promise<Rendering> =>
    renderer.render({ tenant, source, escaping, eventText: EVENT });

  beforeAll(() => {
    renderer = new TemplateRenderer();
  });

  afterAll(async () => renderer.close());

  it.each([
    ['json', '{"a":"{{data.said}}"}', '{"a":"a \\"quoted\\" <b>\\n"}'],
    ['html', '<p>{{data.said}}</p>', '<p>a &quot;quoted&quot; &lt;b&gt;\n</p>'],
    ['none', '{{data.said}}', 'a "quoted" <b>\n'],
    ['json', '{{nothing.there}}', ''],
    ['json', '{{constructor}}{{__proto__}}{{data.constructor.name}}', ''],
    ['json', '{{data.flag}} {{{data.flag}}} {{data.zero}} {{{data.zero}}}', 'false false 0 0'],
    // IBM's helpers, as blocks and as subexpressions.
    ['json', '{{#equal data.level "HIGH"}}1{{else}}2{{/equal}}', '1'],
    ['json', '{{#equal data.level "LOW"}}1{{else}}2{{/equal}}', '2'],
    ['json', '{{#if (equal data.zero 0)}}1{{else}}2{{/if}}', '1'],
    ['json', '{{#if (equal data.n "12345678901234567891")}}1{{/if}}', '1'],
    ['json', '{{#contains data.text "prod"}}1{{/contains}}{{#contains data.text "test"}}2{{/contains}}', '1'],
    ['json', '{{#if (contains data.items 7)}}1{{else}}2{{/if}}', '1'],
    ['html', "Dear {{ibmenreferer personalization ibmenmailto 'name'}}", 'Dear Ann'],
    ['json', '{{log "x"}}{{#with data}}{{log}} {{contains}}{{/with}}', 'a member too'],
    ['json', '{{lookup data.items 3}}{{#unless data.flag}}u{{/unless}}', '3u'],
    ['json', '{{#*inline "p"}}[{{data.level}}]{{/inline}}{{> p}}', '[HIGH]'],
    // Digits that a double would lose.
    [
      'json',
      '{"n":{{data.n}},"m":{{{data.n}}},"o":{{data.nested}} }',
      '{"n":12345678901234567891,"m":12345678901234567891,"o":{"n":[0.12345678901234567891]} }',
    ],
    ['none', '{{data.n}} {{{data.nested.n}}}', '12345678901234567891 [0.12345678901234567891]'],
  ] as const)('writes values for %s: %s', async (escaping, source, text) => {
    expect(templateProblem(source)).toBeUndefined();
    expect(await render(source, escaping)).toEqual({ text });
  });

  it.each(['{{event_payload}}', '{{{event_payload}}}'])('writes the whole event: %s', async (source) => {
    expect(await render(source)).toEqual({ text: EVENT });
    expect(await render(source, 'none')).toEqual({ text: EVENT });
    expect(await render(`{"text":"\\"${source}"}`)).toEqual({ text: JSON.stringify({ text: `"${EVENT}` }) });
  });

  it.each(['{{data.secrets}}', '{{{data.secrets}}}', '{{lookup data "secrets"}}', '{{{lookup data "secrets"}}}'])(
    'writes an object as JSON, and between quotes as JSON within a text: %s',
    async (source) => {
      const secrets = '[{"name":"a\\"b"}]';
      expect(await render(`{"a":${source},"b":"${source}","c":${source} }`)).toEqual({
        text: `{"a":${secrets},"b":${JSON.stringify(secrets)},"c":${secrets} }`,
      });
    },
  );

  it('lets nothing of an event end the text that it stands in', async () => {
    for (const source of [
      '{{data.breaking}}',
      '{{{data.breaking}}}',
      '{{data}}',
      '{{event_payload}}',
      '{{data.said}}',
    ]) {
      const rendered = await render(`{"text":"${source}","next":1}`);
      const text = 'text' in rendered ? rendered.text : expect.fail(rendered.problem);
      expect(Object.keys(JSON.parse(text) as object), source).toEqual(['text', 'next']);
    }
  });

  it.each([
    ['{{', 'The template fails'],
    ['{{#*inline "a"}}{{> a}}{{/inline}}{{> a}}', 'The template fails'],
    [
      `${'{{#each @root.data.items}}'.repeat(3)}1234567890${'{{/each}}'.repeat(3)}`,
      `${TEMPLATE_LIMITS.output.value} characters`,
    ],
    [`${'{{#each @root.data.items}}'.repeat(2)}{{@root.event_payload}}${'{{/each}}'.repeat(2)}`, 'characters'],
  ])('that cannot be rendered says why: %s', async (source, problem) => {
    expect(await render(source)).toEqual({ problem: expect.stringContaining(problem) as string });
  });

  it.each([
    ['{{upper data.level}}', '"upper"'],
    ['{{#notequal a b}}{{/notequal}}', '"notequal"'],
    ['{{#if (eq a b)}}{{/if}}', '"eq"'],
    ['{{#if a}}{{else}}\n{{#each b}}{{date this "x"}}{{/each}}{{/if}}', 'line 2: the helper "date"'],
    ['{{data.level "x"}}', '"data.level"'],
    ['{{helper key=1}}', '"helper"'],
    ['{{constructor 1}}', '"constructor"'],
    ['{{> missing}}', '"missing"'],
    ['{{> (lookup . "x")}}', 'partial'],
    ['{{* foo}}', '"foo"'],
    ['{{#if}}x{{/if}}', '"if" takes 1 value'],
    ['{{each}}', '"each"'],
    ['{{equal a}}', '"equal" takes 2 values'],
    ['{{#if a}}', 'is no Handlebars template'],
    [`{{${'x'.repeat(TEMPLATE_LIMITS.length.value)}}}`, 'longer'],
  ])('is refused when it is saved, where it could only fail: %s', (source, problem) => {
    expect(templateProblem(source)).toContain(problem);
  });

  it('knows each helper that it may use', async () => {
    for (const [name, [least]] of Object.entries(TEMPLATE_HELPERS)) {
      const source = `{{#if (${name}${' data'.repeat(least)})}}{{/if}}`;
      expect(templateProblem(source)).toBeUndefined();
      const rendered = await render(source);
      if ('problem' in rendered) expect(rendered.problem).not.toContain('Missing helper');
    }
    expect(templateProblem('x'.repeat(TEMPLATE_LIMITS.length.value))).toBeUndefined();
  });

  it('that never ends is ended, not tried again at once, and holds up only its own tenant', async () => {
    // Both threads are up, however long that takes.
    await Promise.all([render('{{id}}', 'json', 'c'), render('{{id}}', 'json', 'd')]);
    const order: string[] = [];
    const [endless, own, other] = await Promise.all([
      render(ENDLESS).finally(() => order.push('endless')),
      render('{{id}}').finally(() => order.push('own')),
      render('{{id}}', 'json', 'b').finally(() => order.push('other')),
    ]);
    expect(endless).toEqual({ problem: expect.stringMatching(/takes (too long|more memory)/) as string });
    expect([own, other]).toEqual([{ text: '1' }, { text: '1' }]);
    expect(order).toEqual(['other', 'endless', 'own']);
    expect(await render(ENDLESS)).toEqual({ problem: expect.stringContaining('a moment ago') as string });
    // The same text of another tenant has done nothing yet.
    expect(await render(`{{id}}${ENDLESS}`, 'json', 'b')).toEqual({
      problem: expect.stringMatching(/takes (too long|more memory)/) as string,
    });
  });

  it('is given up when nobody waits for it any more, and when too much waits', async () => {
    const own = new TemplateRenderer();
    const order = { tenant: 'a', escaping: 'json', eventText: EVENT } as const;
    const running = own.render({ ...order, source: ENDLESS }).catch((error: unknown) => error);
    const given = new AbortController();
    const waiting = own.render({ ...order, source: '{{id}}', signal: given.signal });
    given.abort();
    await expect(waiting).rejects.toThrow(RenderingPostponed);
    await expect(own.render({ ...order, source: '{{id}}', signal: given.signal })).rejects.toThrow(RenderingPostponed);
    const many = Array.from({ length: TEMPLATE_LIMITS.waiting.value }, async () =>
      own.render({ ...order, source: '{{id}}' }).catch((error: unknown) => error),
    );
    await expect(own.render({ ...order, source: '{{id}}' })).rejects.toThrow('too many');
    expect(await own.render({ ...order, tenant: 'b', source: '{{id}}' })).toEqual({ text: '1' });
    await own.close();
    expect(await running).toBeInstanceOf(RenderingPostponed);
    expect((await Promise.all(many)).every((error) => error instanceof RenderingPostponed)).toBe(true);
  });
});
