import type { CompletedCommand, CompletedFlag, Completion } from './describe.ts';

/** The script for fish: to be sourced, or kept as `bulkfetch.fish` in the folder of completions. */
export function fishScript(program: CompletedCommand): string {
  const { name, commands } = program;
  const none = `not __fish_seen_subcommand_from ${commands.map((command) => command.name).join(' ')}`;
  const lines = [
    `# fish completion for ${name}, made by \`${name} completion fish\``,
    ...commands.map(
      (command) =>
        `complete -c ${name} -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.about)}`,
    ),
    ...linesOf(name, program, none),
    ...commands.flatMap((command) => linesOf(name, command, `__fish_seen_subcommand_from ${command.name}`)),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** The flags and arguments of a command, where the condition holds. */
function linesOf(name: string, command: CompletedCommand, condition: string): string[] {
  const start = `complete -c ${name} -n ${quoted(condition)}`;
  const operands = argumentsOf(command.takes);
  return [
    ...(operands === '' ? [] : [`${start} ${operands}`]),
    ...command.flags.map((flag) => `${start} ${namesOf(flag)}${valueOf(flag)} -d ${quoted(flag.about)}`),
  ];
}

/** fish offers files where nothing else is said. */
function argumentsOf(takes: Completion): string {
  if (typeof takes !== 'string') {
    return `-f -a ${quoted(takes.join(' '))}`;
  }
  return takes === 'file' ? '' : '-f';
}

function namesOf({ names }: CompletedFlag): string {
  return names
    .map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`))
    .join(' ');
}

function valueOf({ value }: CompletedFlag): string {
  return value === undefined ? '' : ` ${valuesOf(value.takes)}`;
}

function valuesOf(takes: Completion): string {
  switch (takes) {
    case 'file':
      return '-r -F';
    case 'directory':
      return `-x -a '(__fish_complete_directories)'`;
    case 'anything':
    case 'nothing':
      return '-x';
    default:
      return `-x -a ${quoted(takes.join(' '))}`;
  }
}

/** In single quotes of fish only the quote and the backslash mean something. */
function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
}
