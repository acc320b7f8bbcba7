import { expect, it } from 'vitest';
import { TemplateQueue } from './template-queue.js';

it('the tenant who has used the least time comes next, and none has two jobs under way', () => {
  const queue = new TemplateQueue<{ tenant: string; name: string }>();
  for (const name of ['a1', 'a2', 'a3', 'b1', 'b2']) queue.add({ tenant: name.charAt(0), name });
  const first = queue.take() ?? expect.fail();
  const second = queue.take() ?? expect.fail();
  expect([first.name, second.name, queue.take()]).toEqual(['a1', 'b1', undefined]);
  queue.done(first, 500);
  queue.done(second, 1);
  const third = queue.take() ?? expect.fail();
  expect(third.name).toBe('b2');
  queue.done(third, 1);
  // Who comes anew begins where the least of the others is.
  queue.add({ tenant: 'c', name: 'c1' });
  expect([queue.take()?.name, queue.take()?.name]).toEqual(['a2', 'c1']);
});

it('what is taken out does not come', () => {
  const queue = new TemplateQueue<{ tenant: string }>();
  const [one, two] = [{ tenant: 'a' }, { tenant: 'a' }];
  queue.add(one);
  queue.add(two);
  expect(queue.remove(one)).toBe(true);
  expect(queue.remove(one)).toBe(false);
  expect(queue.take()).toBe(two);
  expect(queue.clear()).toEqual([]);
});
