import { join } from 'node:path';
import { renderEnvExample } from '@tidings/runtime';
import { expect, it } from 'vitest';

it('.env.example names every variable with its default (written anew by `npm test -- env-example --update`)', async () => {
  await expect(renderEnvExample()).toMatchFileSnapshot(join(import.meta.dirname, '../../../.env.example'));
});
