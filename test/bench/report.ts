import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format } from 'prettier';
import { benchFolder, outFolder } from './options.ts';
import type { Bench, Figure, Section } from './types.ts';

/** Prints the report and writes it to out/, as Markdown and as JSON with every run. */
export async function writeReport(
  bench: Bench,
  facts: readonly string[],
  sections: readonly Section[],
): Promise<void> {
  const markdown = await format(toMarkdown(bench, facts, sections), { parser: 'markdown' });
  const json = { facts, quick: bench.quick, runs: bench.runs, sections };
  await mkdir(outFolder, { recursive: true });
  await writeFile(path.join(outFolder, 'results.md'), markdown);
  await writeFile(path.join(outFolder, 'results.json'), `${JSON.stringify(json, null, 2)}\n`);
  process.stdout.write(markdown);
}

/** Makes the report the one that the README quotes. */
export async function publishReport(): Promise<void> {
  await copyFile(path.join(outFolder, 'results.md'), path.join(benchFolder, 'RESULTS.md'));
}

function toMarkdown(bench: Bench, facts: readonly string[], sections: readonly Section[]): string {
  const about = bench.quick
    ? 'A quick run: it tries the harness and judges nothing.'
    : `Medians of ${bench.runs} rounds in which all tools ran in turn. Written by \`npm run bench -- --write\`.`;
  return [
    '# Measured',
    about,
    facts.map((fact) => `- ${fact}`).join('\n'),
    '## Figures',
    figureTable(sections),
    ...sections.flatMap((section) => [
      `## ${section.id}: ${section.title}`,
      table(section.columns, section.rows),
      section.notes.map((note) => `- ${note}`).join('\n'),
    ]),
  ].join('\n\n');
}

function figureTable(sections: readonly Section[]): string {
  const rows = sections.flatMap(({ id, figures }) =>
    figures.map((figure) => [id, figure.about, figure.asked, shown(figure), verdict(figure)]),
  );
  return table(['scenario', 'figure', 'asked', 'measured', 'met'], rows);
}

function shown({ measured, unit }: Figure): string {
  if (measured === undefined) {
    return 'not measured';
  }
  return `${Number.isInteger(measured) ? measured : measured.toFixed(2)}${unit}`;
}

function verdict({ met }: Figure): string {
  return met === undefined ? '' : met ? 'yes' : 'no';
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  return [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
