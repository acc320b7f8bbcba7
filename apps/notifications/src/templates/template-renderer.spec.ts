import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RENDERING, TemplateRenderer } from './template-renderer.js';

const EVENT = JSON.stringify({
  id: '1',
  data: { said: 'a "quoted" <b>\n', items: Array.from({ length: 50 }, (_, index) => index), toHTML: 'x' },
});
/** Fifty to the power of sixteen. */
const ENDLESS = `${'{{#each @root.data.items}}'.repeat(16)}x${'{{/each}}'.repeat(16)}`;

describe('a template', () => {
  let renderer: TemplateRenderer;

  beforeAll(() => {
    renderer = new TemplateRenderer();
  });

  afterAll(async () => renderer.close());

  it.each([
    ['json', '{"a":"{{data.said}}"}', '{"a":"a \\"quoted\\" <b>\\n"}'],
    ['html', '<p>{{data.said}}</p>', '<p>a &quot;quoted&quot; &lt;b&gt;\n</p>'],
    ['none', '{{data.said}}', 'a "quoted" <b>\n'],
    ['json', '{{{data.items}}}', expect.stringContaining('0,1,2') as string],
    ['json', '{{nothing.there}}', ''],
    ['json', '{{constructor}}{{__proto__}}{{data.constructor.name}}', ''],
  ] as const)('writes values for %s: %s', async (escaping, source, text) => {
    expect(await renderer.render(source, escaping, EVENT)).toEqual({ text });
  });

  it.each([
    ['{{', 'The template fails'],
    ['{{#*inline "a"}}{{> a}}{{/inline}}{{> a}}', 'The template fails'],
    ['{{> missing}}', 'The template fails'],
    ['{{log "x"}}', 'The template fails'],
    [
      `${'{{#each @root.data.items}}'.repeat(3)}1234567890${'{{/each}}'.repeat(3)}`,
      `${RENDERING.maxLength} characters`,
    ],
  ])('that cannot be rendered says why: %s', async (source, problem) => {
    expect(await renderer.render(source, 'json', EVENT)).toEqual({
      problem: expect.stringContaining(problem) as string,
    });
  });

  it('that never ends is ended, not tried again at once, and holds up nobody for long', async () => {
    const [endless, fine] = await Promise.all([
      renderer.render(ENDLESS, 'json', EVENT),
      renderer.render('{{id}}', 'json', EVENT),
    ]);
    expect(endless).toEqual({ problem: expect.stringMatching(/takes (too long|more memory)/) as string });
    expect(fine).toEqual({ text: '1' });
    expect(await renderer.render(ENDLESS, 'json', EVENT)).toEqual({
      problem: expect.stringContaining('a moment ago') as string,
    });
  });
});
