import type { CatalogueChange } from '@tidings/catalogue';
import type { Command } from 'commander';
import { CommandFailure } from '../command-failure.js';
import type { CommandLine } from '../command-line.js';
import { OWN_CATALOGUE } from '../catalogues/own-catalogue.js';
import { printList } from '../output/list-formats.js';
import type { Column } from '../output/table.js';
import { addListFormat, type ListFormatOptions } from './format-options.js';

const COLUMNS: readonly Column<CatalogueChange>[] = [
  { title: 'BREAKS', cell: ({ breaks }) => breaks, whole: true },
  { title: 'OF', cell: ({ of }) => of, whole: true },
  { title: 'FIELD', cell: ({ field }) => field, whole: true },
  { title: 'CHANGE', cell: ({ problem }) => problem, whole: true },
];

/** `tidings catalogue snapshot`: a catalogue as a file, to compare a later one with. */
export function snapshotCommand(line: CommandLine): Command {
  return line
    .command('snapshot', {
      summary: 'Print the contract of a catalogue, to compare a later one with',
      examples: [
        'tidings catalogue snapshot ./my-events > my-events.json',
        'tidings catalogue snapshot > tidings.json',
      ],
    })
    .argument('[package]', 'a package or a path, as in TIDINGS_CATALOGUES; without it, the catalogue of Tidings')
    .action(async (given: string = OWN_CATALOGUE) => {
      const { readCatalogue, snapshotText } = await withCatalogues();
      await line.out.print(snapshotText(await readCatalogue(given)));
    });
}

/** `tidings catalogue diff`: whether a catalogue breaks users of an earlier one. */
export function diffCommand(line: CommandLine): Command {
  const command = line.command('diff', {
    summary: 'Compare two catalogues, and fail on breaking changes',
    details:
      'Each is a file of `tidings catalogue snapshot`, a package or a path, or `tidings` for the catalogue of Tidings. ' +
      'The exit code is 1 where a change breaks producers or consumers.',
    examples: [
      'tidings catalogue diff my-events.json ./my-events',
      'tidings catalogue diff my-events.json ./my-events --all',
      "tidings catalogue diff @acme/events ./dist --json | jq -r '.[].of'",
    ],
  });
  return addListFormat(command)
    .argument('<before>', 'the catalogue that producers and consumers use')
    .argument('<after>', 'the catalogue that replaces it')
    .option('--all', 'also list compatible changes')
    .action(
      async (
        before: string,
        after: string,
        { format, wide, all }: ListFormatOptions & { readonly all?: boolean },
      ): Promise<void> => {
        const { catalogueChanges, isBreaking, readCatalogue } = await withCatalogues();
        const changes = catalogueChanges(await readCatalogue(before), await readCatalogue(after));
        const breaking = changes.filter(isBreaking);
        await printList([all === true ? changes : breaking], format, line.out, { columns: COLUMNS, wide });
        if (breaking.length === 0) return;
        const count = breaking.length === 1 ? 'One change breaks' : `${breaking.length} changes break`;
        throw new CommandFailure('failed', `${count} users of ${before}`);
      },
    );
}

/** Loaded on demand: the validators of all payload classes take longer than most commands. */
async function withCatalogues() {
  const [{ catalogueChanges, isBreaking, snapshotText }, { readCatalogue }] = await Promise.all([
    import('@tidings/catalogue'),
    import('../catalogues/catalogue-argument.js'),
  ]);
  return { catalogueChanges, isBreaking, snapshotText, readCatalogue };
}
