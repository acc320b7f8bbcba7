import type { CatalogueChange } from '@tidings/catalogue';
import type { Command } from 'commander';
import { CommandFailure } from '../command-failure.js';
import type { CommandLine } from '../command-line.js';
import { OWN_CATALOGUE } from '../catalogues/own-catalogue.js';
import { printList, type ListFormat } from '../output/list-formats.js';
import type { Column } from '../output/table.js';
import { addListFormat } from './format-options.js';

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
      summary: 'Print what others rely on of a catalogue, to be kept and compared with a later one',
      examples: [
        'tidings catalogue snapshot ./my-events > my-events.json',
        'tidings catalogue snapshot > tidings.json',
      ],
    })
    .argument('[package]', 'a package or a path, as in TIDINGS_CATALOGUES; without it, what comes with Tidings')
    .action(async (given: string = OWN_CATALOGUE) => {
      const { readCatalogue, snapshotText } = await withCatalogues();
      await line.out.print(snapshotText(await readCatalogue(given)));
    });
}

/** `tidings catalogue diff`: whether a catalogue breaks those who rely on an earlier one. */
export function diffCommand(line: CommandLine): Command {
  const command = line.command('diff', {
    summary: 'Compare two catalogues, and fail where the later one breaks somebody',
    details:
      'Each is a file that `tidings catalogue snapshot` wrote, a package or a path, or `tidings` for what comes with it. ' +
      'The exit code is 1 where a change breaks producers or consumers.',
    examples: [
      'tidings catalogue diff my-events.json ./my-events',
      'tidings catalogue diff my-events.json ./my-events --all',
      'tidings catalogue diff @acme/events ./dist --json | jq -r .[].of',
    ],
  });
  return addListFormat(command)
    .argument('<before>', 'what producers and consumers rely on')
    .argument('<after>', 'what is to take its place')
    .option('--all', 'also what breaks nobody')
    .action(
      async (
        before: string,
        after: string,
        { format, all }: { readonly format: ListFormat; readonly all?: boolean },
      ): Promise<void> => {
        const { catalogueChanges, isBreaking, readCatalogue } = await withCatalogues();
        const changes = catalogueChanges(await readCatalogue(before), await readCatalogue(after));
        const breaking = changes.filter(isBreaking);
        await printList([all === true ? changes : breaking], format, line.out, { columns: COLUMNS });
        if (breaking.length === 0) return;
        const count = breaking.length === 1 ? 'One change breaks' : `${breaking.length} changes break`;
        throw new CommandFailure('failed', `${count} those who rely on ${before}.`);
      },
    );
}

/** Loaded only by those who need them: the validators of all payload classes take longer than most commands. */
async function withCatalogues() {
  const [{ catalogueChanges, isBreaking, snapshotText }, { readCatalogue }] = await Promise.all([
    import('@tidings/catalogue'),
    import('../catalogues/catalogue-argument.js'),
  ]);
  return { catalogueChanges, isBreaking, snapshotText, readCatalogue };
}
