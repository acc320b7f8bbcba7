import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExamplesWorld } from './examples-world.js';
import { helpExamples, isEndless, REFUSED, startsServers } from './help-examples.js';

const EXAMPLES = helpExamples().filter((example) => !startsServers(example));

let world: ExamplesWorld;

beforeAll(async () => {
  world = await ExamplesWorld.open();
}, 300_000);

afterAll(async () => {
  await world.close();
});

describe('the examples of --help, as somebody would paste them', () => {
  it('are many', () => {
    expect(EXAMPLES.length).toBeGreaterThan(100);
  });

  it.each(EXAMPLES.filter((example) => !isEndless(example)))('%s', async (example) => {
    const { code, stderr } = await world.run(example);
    const refusal = REFUSED[example];
    if (refusal === undefined) expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    else expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(refusal) as string });
  });

  it.each(EXAMPLES.filter(isEndless))('%s', async (example) => {
    // Interrupted when it has begun; what is wrong in it would have ended it with 1 to 5 before.
    const bounded = example.replace(/\btidings /, 'timeout -s INT 3 "$NODE" "$PROGRAM" ');
    const { code, stderr } = await world.run(bounded);
    expect({ code, stderr }).toEqual({ code: 124, stderr: '' });
  });
});
