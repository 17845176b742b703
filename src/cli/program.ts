import { Argument, Command, Option } from 'commander';
import { version } from '../model/version.ts';
import type { CompareFlags } from './commands/compare.ts';
import type { ConfigFlags } from './commands/config.ts';
import type { DemoFlags } from './commands/demo.ts';
import type { DoctorFlags } from './commands/doctor.ts';
import type { QueryFlags } from './commands/query.ts';
import type { ServeFlags } from './commands/serve.ts';
import type { StatusFlags } from './commands/status.ts';
import type { Shell } from './completion/shells.ts';
import { configured } from './config/configured.ts';
import type { ExitStatus } from './exit.ts';
import { isSwitch, longName } from './flags/flag.ts';
import {
  configGroups,
  fetchGroups,
  inputGroups,
  outputGroups,
  type Flag,
  type FlagGroups,
} from './flags/index.ts';
import type { FlagValues } from './options.ts';
import { print } from './print.ts';

/** Told how the command ended. */
export type OnExit = (status: ExitStatus) => void;

/** The command line as commander sees it: names and help only, each command in a file of its own, loaded when it runs. */
export function createProgram(onExit: OnExit = () => {}): Command {
  const program = new Command('bulkfetch')
    .description(
      'Fetches many URLs at once, with retries and time limits, and writes one JSON line for each. ' +
        'A source is a URL (curl globs as in [1-100] or {a,b} are expanded), a file with a URL a line ' +
        'or a JSON task a line, or - for standard input; --from makes tasks of the rows of a database.',
    )
    .argument('[source...]', 'URLs, files of URLs, or -')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: false })
    .configureOutput({
      // Help that nobody reads to the end is no failure.
      writeOut: (text) => void print(text).catch(() => undefined),
      outputError: (text, write) => write(text.replace(/^error: /, 'bulkfetch: ')),
    })
    .addHelpText('after', examples)
    .hook('preSubcommand', refuseFlagsBefore);

  addFlags(program, runGroups).action(async (args: string[], flags: FlagValues, command: Command) => {
    const { fetchCommand } = await import('./commands/fetch.ts');
    onExit(await configured(command, flags, (values) => fetchCommand(args, values)));
  });

  addFlags(program.command('compare'), { ...inputGroups, ...fetchGroups, ...configGroups }, notCompared)
    .description('Measures the same list one after the other and at several concurrencies.')
    .argument('[source...]', 'URLs, files of URLs, or -')
    .addOption(new Option('--levels <list>', 'concurrencies to measure').default('1,10,50'))
    .addOption(
      new Option(
        '--sample <n>',
        'at most so many tasks one after the other; the rest is extrapolated',
      ).default('100'),
    )
    .addOption(new Option('--format <form>', 'table or json').choices(['table', 'json']).default('table'))
    .addOption(new Option('--unsafe', 'allow methods that change things: each request is sent several times'))
    .action(async (args: string[], flags: CompareFlags, command: Command) => {
      const { compareCommand } = await import('./commands/compare.ts');
      onExit(await configured(command, flags, (values) => compareCommand(args, values)));
    });

  addFlags(program.command('doctor'), doctorGroups, notOfOne)
    .description(
      'Tells of a URL where its time goes, what its server supports, and which flags would suit it.',
    )
    .argument('<url>', 'what to fetch, taken as it is')
    .addOption(new Option('--format <form>', 'text or json').choices(['text', 'json']).default('text'))
    .action(async (url: string, flags: DoctorFlags, command: Command) => {
      const { doctorCommand } = await import('./commands/doctor.ts');
      onExit(await configured(command, flags, (values, settings) => doctorCommand(url, values, settings)));
    });

  program
    .command('status')
    .description('Tells of an output what is done, failed and missing, and so whether to --resume.')
    .argument('<output>', 'the file of the records')
    .addOption(new Option('--format <form>', 'text or json').choices(['text', 'json']).default('text'))
    .action(async (output: string, flags: StatusFlags) => {
      onExit(await (await import('./commands/status.ts')).statusCommand(output, flags));
    });

  program
    .command('query')
    .description('Shows what a query finds in a database, such as the records of --to. Changes nothing.')
    .argument('<database>', 'a SQLite file, sqlite:FILE or postgres://USER@HOST/NAME')
    .argument('[sql]', 'the query, @FILE or - for standard input; absent: the tables and their columns')
    .addOption(
      new Option('--param <value>', 'bind the next $1, $2, … of the query to that; repeatable').argParser(
        (value: string, earlier?: string[]) => [...(earlier ?? []), value],
      ),
    )
    .addOption(
      new Option('--format <form>', 'table, json, jsonl or csv')
        .choices(['table', 'json', 'jsonl', 'csv'])
        .default('table'),
    )
    .option('--limit <n>', 'rows shown, at most (default: 1000 of a table, all of the other forms)')
    .action(async (database: string, sql: string | undefined, flags: QueryFlags) => {
      onExit(await (await import('./commands/query.ts')).queryCommand(database, sql, flags));
    });

  program
    .command('serve')
    .description('A small API server to rehearse against: /users/1, /delay/100, /status/503 and more.')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('-p, --port <port>', 'port to listen on; 0: a free one', '8080')
    .option('--latency <time>', 'time before every answer', '0ms')
    .option('--jitter <time>', 'latency varies by up to this much, up and down', '0ms')
    .option('--error-rate <share>', 'share of answers that are 500, 502 or 503', '0')
    .option('--reset-rate <share>', 'share of connections that are reset', '0')
    .option('--retry-after <time>', 'errors are 503 with this Retry-After')
    .option('--rate-limit <rate>', 'answer 429 to what comes faster')
    .option('--size <size>', 'length of a user in bytes', '1024')
    .option('--seed <n>', 'the same faults for the same seed', '1')
    .action(async (flags: ServeFlags) => {
      onExit(await (await import('./commands/serve.ts')).serveCommand(flags));
    });

  program
    .command('demo')
    .description('Starts that server, fetches 100 users one after the other and 50 at once, and compares.')
    .option('-o, --output <file>', 'where the records go', 'users.jsonl')
    .action(async (flags: DemoFlags) => {
      onExit(await (await import('./commands/demo.ts')).demoCommand(flags));
    });

  addFlags(program.command('config'), runGroups)
    .description('Prints the options that a run would have, and where each of them was set.')
    .addOption(new Option('--format <form>', 'table or json').choices(['table', 'json']).default('table'))
    .action(async (flags: ConfigFlags, command: Command) => {
      const { configCommand } = await import('./commands/config.ts');
      onExit(await configured(command, flags, configCommand));
    });

  program
    .command('completion')
    .description('Prints a script that completes commands, flags and their values in a shell.')
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: Shell) => {
      onExit(await (await import('./commands/completion.ts')).completionCommand(shell, program));
    });

  return program;
}

/** The flags of a run, in the order of the help. */
const runGroups = { ...inputGroups, ...outputGroups, ...fetchGroups, ...configGroups };

/** What `compare` sets itself, and what would change nothing in it. */
const notCompared = ['concurrency', 'ordered'];

/** The flags of `doctor`: how a request is made, and not how many. */
const doctorGroups = {
  'Time limits:': fetchGroups['Time limits:'],
  'Requests:': fetchGroups['Requests:'],
  'Connections:': fetchGroups['Connections:'],
  'Who we are:': fetchGroups['Who we are:'],
  'Answers:': fetchGroups['Answers:'],
  ...configGroups,
};

/** What is for many requests, for those that change something, or for records. */
const notOfOne = [
  'taskTimeout',
  'data',
  'json',
  'next',
  'maxPages',
  'cookieJar',
  'idempotencyKey',
  'body',
  'ordered',
];

/** Flags before the name of a command would be the main command's, and go unheard. */
function refuseFlagsBefore(program: Command, command: Command): void {
  const flag = program.options.find(
    (option) => program.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (flag !== undefined) {
    program.error(`error: flags follow the command: bulkfetch ${command.name()} ${flag.long}`);
  }
}

/** Adds flags, but for those that would change nothing in that command. */
function addFlags(command: Command, groups: FlagGroups, without: readonly string[] = []): Command {
  for (const [heading, flags] of Object.entries(groups)) {
    for (const flag of Object.entries(flags).flatMap(([key, one]) => (without.includes(key) ? [] : [one]))) {
      addFlag(command, flag, heading);
    }
  }
  return command;
}

function addFlag(command: Command, flag: Flag, heading: string): void {
  const { flags, about, fallback, repeats, negatable } = flag;
  const text = fallback === undefined ? about : `${about} (default: ${fallback})`;
  const option = new Option(flags, text).helpGroup(heading);
  if (repeats === true) {
    option.argParser((value: string, earlier?: string[]) => [...(earlier ?? []), value]);
  }
  if (negatable !== undefined) {
    command.addOption(option).addOption(new Option(`--no-${longName(flag)}`, negatable).helpGroup(heading));
  } else if (isSwitch(flag)) {
    // `--reuse` before `--no-reuse`, or commander would take true for its default.
    const both = [option, new Option(opposite(longName(flag))).hideHelp()];
    both.sort((a, b) => Number(a.negate) - Number(b.negate)).forEach((one) => command.addOption(one));
  } else {
    command.addOption(option);
  }
}

/** As with curl, every switch has its opposite, for what a configuration has set: `--no-insecure`, `--reuse`. */
function opposite(name: string): string {
  return name.startsWith('no-') ? `--${name.slice('no-'.length)}` : `--no-${name}`;
}

const examples = `
Examples:
  bulkfetch urls.txt --concurrency 50 -o pages.jsonl
  bulkfetch 'https://api.example.com/users/[1-1000]' --rate 100/s | jq .body.name
  bulkfetch 'https://api.example.com/users/{id}' --ids 1-1000,2000 -H 'Authorization: Bearer …'
  bulkfetch --from sqlite:users.db --query 'select id from users' --url 'https://api.example.com/users/{id}'
  grep -o 'https://[^"]*' page.html | bulkfetch - --body none
  bulkfetch demo
`;
