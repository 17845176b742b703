import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

/** The floors of DESIGN section 3, by folder or file under src; databases stand below all stages that use them. */
const floors: Readonly<Record<string, number>> = {
  model: 0,
  databases: 0.5,
  fetch: 1,
  sources: 1,
  transforms: 1,
  sinks: 1,
  checks: 1,
  serve: 1,
  'run.ts': 2,
  'bulk-fetch.ts': 2,
  'measure.ts': 2,
  report: 2,
  'index.ts': 2,
  cli: 3,
};

const maxLines = 260;

/** Texts of source files by path under src, such as `fetch/engine.ts`. */
type Tree = ReadonlyMap<string, string>;
type Rule = (tree: Tree) => string[];

const src = path.resolve(import.meta.dirname, '../../src');

const rules = {
  'every folder has a floor': everyFolderHasFloor,
  'a relative import ends in .ts and leads to a file': importsLeadToFiles,
  'a file imports only from its own floor or below': importsGoDown,
  'stages on one floor never import each other': stagesAreApart,
  'there is no circle': noCircles,
  'index.ts only re-exports': indexOnlyReexports,
  'no file is longer than it should be': filesAreShort,
  'every exported declaration has a docstring': exportsAreDocumented,
} as const satisfies Record<string, Rule>;

describe('src', () => {
  const tree = readTree();

  it('is where this test looks for it', () => {
    expect([...tree.keys()]).toContain('model/task.ts');
  });

  it.each(Object.entries(rules))('%s', (_, rule) => {
    expect(rule(tree)).toEqual([]);
  });
});

describe('each rule sees what breaks it', () => {
  const model = '/** One. */\nexport const one = 1;\n';

  it.each<[keyof typeof rules, Record<string, string>, string]>([
    ['every folder has a floor', { 'attic/a.ts': '' }, 'attic/a.ts: attic stands on no floor'],
    [
      'a relative import ends in .ts and leads to a file',
      { 'model/a.ts': "import { b } from './b.js';" },
      'model/a.ts imports ./b.js: no such source file',
    ],
    [
      'a file imports only from its own floor or below',
      { 'model/a.ts': "import type {\n  B,\n} from '../fetch/b.ts';", 'fetch/b.ts': '' },
      'model/a.ts (floor 0) imports fetch/b.ts (floor 1)',
    ],
    [
      'a file imports only from its own floor or below',
      { 'report/a.ts': "const b = await import('../cli/b.ts');", 'cli/b.ts': '' },
      'report/a.ts (floor 2) imports cli/b.ts (floor 3)',
    ],
    [
      'a file imports only from its own floor or below',
      { 'index.ts': "export * from './cli/b.ts';", 'cli/b.ts': '' },
      'index.ts (floor 2) imports cli/b.ts (floor 3)',
    ],
    [
      'stages on one floor never import each other',
      { 'sinks/a.ts': "import '../fetch/b.ts';", 'fetch/b.ts': '' },
      'sinks/a.ts imports fetch/b.ts: sinks and fetch are stages of one floor',
    ],
    [
      'there is no circle',
      {
        'model/a.ts': "import './b.ts';",
        'model/b.ts': "export { c } from './c.ts';",
        'model/c.ts': "import './a.ts';",
      },
      'model/a.ts -> model/b.ts -> model/c.ts -> model/a.ts',
    ],
    [
      'index.ts only re-exports',
      { 'index.ts': "/** All. */\nexport { one } from './model/a.ts';\nexport const two = 2;" },
      'index.ts holds more than re-exports: export const two = 2;',
    ],
    [
      'no file is longer than it should be',
      { 'model/a.ts': '\n'.repeat(maxLines + 1) },
      `model/a.ts has ${maxLines + 1} lines, more than ${maxLines}`,
    ],
    [
      'every exported declaration has a docstring',
      { 'model/a.ts': `${model}\n// Two.\nexport async function two() {}` },
      'model/a.ts:5: no docstring above: export async function two() {}',
    ],
    [
      'every exported declaration has a docstring',
      { 'model/a.ts': '/* Three. */\nexport type Three = 3;' },
      'model/a.ts:2: no docstring above: export type Three = 3;',
    ],
  ])('%s', (name, files, message) => {
    expect(rules[name](new Map(Object.entries(files)))).toEqual([message]);
  });

  it('and none sees anything in a tidy tree', () => {
    const tree = new Map([
      ['model/a.ts', model],
      ['fetch/b.ts', "import { one } from '../model/a.ts';\n"],
      ['run.ts', "import './fetch/b.ts';\nimport './report/c.ts';\n"],
      ['report/c.ts', "import fs from 'node:fs';\n"],
      ['index.ts', "// All.\nexport { one } from './model/a.ts';\nexport type * from './run.ts';\n"],
    ]);
    expect(Object.values(rules).flatMap((rule) => rule(tree))).toEqual([]);
  });
});

function everyFolderHasFloor(tree: Tree): string[] {
  return [...tree.keys()]
    .filter((file) => !Object.hasOwn(floors, stageOf(file)))
    .map((file) => `${file}: ${stageOf(file)} stands on no floor`);
}

function importsLeadToFiles(tree: Tree): string[] {
  return relativeImports(tree)
    .filter(({ target }) => !target.endsWith('.ts') || !tree.has(target))
    .map(({ file, specifier }) => `${file} imports ${specifier}: no such source file`);
}

function importsGoDown(tree: Tree): string[] {
  return relativeImports(tree)
    .filter(({ file, target }) => floorOf(target) > floorOf(file))
    .map(
      ({ file, target }) => `${file} (floor ${floorOf(file)}) imports ${target} (floor ${floorOf(target)})`,
    );
}

/** Stages are the folders of floor 1; run.ts and report are no stages and may meet. */
function stagesAreApart(tree: Tree): string[] {
  return relativeImports(tree)
    .map((edge) => ({ ...edge, from: stageOf(edge.file), to: stageOf(edge.target) }))
    .filter(({ from, to }) => from !== to && floors[from] === 1 && floors[to] === 1)
    .map(
      ({ file, target, from, to }) => `${file} imports ${target}: ${from} and ${to} are stages of one floor`,
    );
}

function noCircles(tree: Tree): string[] {
  const edges = Map.groupBy(relativeImports(tree), ({ file }) => file);
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    if (trail.includes(file)) {
      circles.push([...trail.slice(trail.indexOf(file)), file].join(' -> '));
    } else if (!done.has(file)) {
      edges.get(file)?.forEach(({ target }) => visit(target, [...trail, file]));
      done.add(file);
    }
  };
  [...tree.keys()].forEach((file) => visit(file, []));
  return circles;
}

function indexOnlyReexports(tree: Tree): string[] {
  const rest = (tree.get('index.ts') ?? '')
    .replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
    .replaceAll(/^export (?:type )?(?:\*(?: as \w+)?|\{[^}]*\}) from '[^']+';$/gm, '')
    .trim();
  return rest === '' ? [] : [`index.ts holds more than re-exports: ${rest}`];
}

function filesAreShort(tree: Tree): string[] {
  return [...tree]
    .map(([file, text]) => ({ file, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > maxLines)
    .map(({ file, lines }) => `${file} has ${lines} lines, more than ${maxLines}`);
}

function exportsAreDocumented(tree: Tree): string[] {
  const declaration =
    /^export (?:default )?(?:declare )?(?:abstract )?(?:async )?(?:function|class|interface|const|let|type(?= \w))/;
  return [...tree].flatMap(([file, text]) => {
    const lines = text.split('\n');
    return lines.flatMap((line, index) =>
      declaration.test(line) && !endsDocstring(lines, index - 1)
        ? [`${file}:${index + 1}: no docstring above: ${line}`]
        : [],
    );
  });
}

/** True when the line is the last of a block that opens with two stars. */
function endsDocstring(lines: readonly string[], last: number): boolean {
  let first = last;
  while (first > 0 && lines[first]?.startsWith(' *') === true) {
    first -= 1;
  }
  return lines[last]?.endsWith('*/') === true && lines[first]?.startsWith('/**') === true;
}

interface Import {
  readonly file: string;
  readonly specifier: string;
  /** The path under src that it leads to. */
  readonly target: string;
}

function relativeImports(tree: Tree): Import[] {
  const statement = /^(?:import|export)\s(?:[^;'"]*?\sfrom\s)?\s*'([^']+)'|\bimport\('([^']+)'\)/gm;
  return [...tree].flatMap(([file, text]) =>
    [...text.matchAll(statement)]
      .map((match) => match[1] ?? match[2] ?? '')
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => ({
        file,
        specifier,
        target: path.posix.join(path.posix.dirname(file), specifier),
      })),
  );
}

/** The folder under src, or the file where it stands in src itself. */
function stageOf(file: string): string {
  return file.split('/')[0]!;
}

function floorOf(file: string): number {
  return floors[stageOf(file)] ?? Number.NaN;
}

function readTree(): Tree {
  const files = existsSync(src) ? readdirSync(src, { recursive: true, encoding: 'utf8' }) : [];
  return new Map(
    files
      .filter((file) => file.endsWith('.ts'))
      .map((file) => [file.replaceAll(path.sep, '/'), readFileSync(path.join(src, file), 'utf8')]),
  );
}
