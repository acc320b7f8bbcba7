import { describe, expect, it } from 'vitest';
import { eventsPage } from './events-page.js';
import { catalogue } from './systems/index.js';

const page = eventsPage(catalogue);

describe('EVENTS.md', () => {
  it('is what the catalogue says', async () => {
    await expect(page).toMatchFileSnapshot('../EVENTS.md');
  });

  it('names every type with its native type, version and summary, once', () => {
    for (const { type, nativeType, version, summary } of catalogue.types()) {
      const row = `| \`${type}\` | \`${nativeType}\` | ${version} | ${summary.replaceAll('|', '\\|')} |\n`;
      expect(page.split(row)).toHaveLength(2);
    }
  });

  it('names every kafkaTopic', () => {
    for (const kafkaTopic of catalogue.kafkaTopics()) expect(page).toContain(`\`${kafkaTopic}\``);
  });
});
