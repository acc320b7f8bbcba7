import { expect, it } from 'vitest';
import { ReadingTurns } from './reading-turns.js';

it('a few have their turns at a time, and the next in the order in which they asked', async () => {
  const turns = new ReadingTurns(2);
  const having: string[] = [];
  const ask = async (name: string): Promise<() => void> => {
    const end = await turns.take();
    having.push(name);
    return end;
  };
  const [endFirst, endSecond] = await Promise.all([ask('first'), ask('second')]);
  const [third, fourth] = [ask('third'), ask('fourth')];
  await Promise.resolve();
  expect(having).toEqual(['first', 'second']);
  endSecond();
  const endThird = await third;
  expect(having).toEqual(['first', 'second', 'third']);
  endFirst();
  endThird();
  (await fourth)();
  (await ask('fifth'))();
  expect(having).toEqual(['first', 'second', 'third', 'fourth', 'fifth']);
});
