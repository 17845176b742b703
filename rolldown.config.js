import fs from 'node:fs';
import path from 'node:path';

// One bundle for the command and one for the library: start-up is part of the speed, and a bundle
// of what is really used loads in a third of the time of the packages' own files. (zod is a
// dependency all the same: the published types name it.)
const main = {
  input: { cli: 'src/cli/main.ts', index: 'src/index.ts' },
  platform: 'node',
  // Its worker has a file of its own, which must lie beside it.
  external: ['piscina'],
  plugins: [licenses()],
  output: {
    dir: 'dist',
    format: 'esm',
    comments: { legal: true },
    // What every run loads is two files, not forty: each costs a third of a millisecond. What the entry
    // shares with the commands must not stand in the entry, which waits for them.
    codeSplitting: {
      groups: [
        { name: 'command', test: /src\/cli\/(?:ending|exit|message|program)\.ts$/, priority: 2 },
        { name: 'fetching', test: /src\/cli\/commands\/fetch\.ts$/, priority: 1 },
      ],
    },
  },
};

// Threads start from files of their own, which load nothing of what the command shares.
const threads = {
  input: {
    'sqlite-worker': 'src/databases/sqlite/worker.ts',
    'transform-worker': 'src/transforms/worker.ts',
    'watchdog-worker': 'src/cli/debug/watchdog-worker.ts',
  },
  platform: 'node',
  external: ['piscina'],
  plugins: [licenses()],
  output: { dir: 'dist', format: 'esm', comments: { legal: true } },
};

/** Packages that are bundled. */
const folders = new Set();

export default [main, threads];

/** Puts the licences of all bundled packages beside the bundle, as they ask: the last build has those of all. */
function licenses() {
  return {
    name: 'licenses',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((chunk) => chunk.moduleIds ?? []);
      modules.map(packageFolder).forEach((folder) => folder !== undefined && folders.add(folder));
      const texts = [...folders].sort((a, b) => a.localeCompare(b)).map(licenseOf);
      this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-LICENSES.txt', source: texts.join('\n\n') });
    },
  };
}

/** For packages that name a licence and leave its text away: the copy of a package that has it as it is. */
const standardTexts = { 'Apache-2.0': 'node_modules/typescript/LICENSE' };

function packageFolder(id) {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id)?.[0];
}

function licenseOf(folder) {
  const { name, version, license } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const own = fs.readdirSync(folder).find((entry) => /^licen[sc]e/i.test(entry));
  const file = own === undefined ? standardTexts[license] : path.join(folder, own);
  const text = file === undefined ? inReadme(folder) : fs.readFileSync(file, 'utf8');
  if (text === undefined) {
    throw new Error(`${name} has no licence file`);
  }
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}

/** Some packages have their licence at the end of what they say of themselves. */
function inReadme(folder) {
  const readme = fs.readFileSync(path.join(folder, 'README.md'), 'utf8');
  return /^#+ licen[sc]e\n(?=[^]*^Copyright)([^]*)$/im.exec(readme)?.[1];
}
