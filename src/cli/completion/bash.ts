import type { CompletedCommand, Completion } from './describe.ts';
import { quoted } from './quote.ts';

/** The script for bash: 3.2, that of macOS, is enough, and the package bash-completion is not needed. */
export function bashScript(program: CompletedCommand): string {
  const { name, commands } = program;
  const all = [{ ...program, name: '' }, ...commands];
  const subcommands = commands.map((command) => command.name);
  return `# bash completion for ${name}, made by \`${name} completion bash\`
_${name}_words() {
  local word
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen "$@" -- "$cur")
}
_${name}_paths() {
  compopt -o filenames 2>/dev/null
  _${name}_words "$@"
}
_${name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} flag=\${COMP_WORDS[COMP_CWORD-1]} command='' first=1 at
  COMPREPLY=()
  # bash takes --flag=value and name:password for three words each.
  if [[ $cur == = ]]; then
    cur=''
  elif [[ $flag == = ]]; then
    flag=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((at = 1; at < COMP_CWORD; at++)); do
    case "$command \${COMP_WORDS[at]}" in
      ${all.flatMap(flagsWithValue).join('|')})
        [[ \${COMP_WORDS[at+1]} == = ]] || ((at++))
        while [[ \${COMP_WORDS[at+1]} == [=:]* ]]; do ((at += 2)); done ;;
      *' -'?*) ;;
      *)
        [[ -z $first || ! ' ${subcommands.join(' ')} ' == *" \${COMP_WORDS[at]} "* ]] || command=\${COMP_WORDS[at]}
        first='' ;;
    esac
  done
  case "$command $flag" in
${valueCases(name, all).join('\n')}
  esac
  case "$command:$cur" in
${all.map((command) => `    ${command.name}:-*) ${reply(name, flagNames(command))} ;;`).join('\n')}
${commands.map((command) => `    ${command.name}:*) ${reply(name, command.takes)} ;;`).join('\n')}
    *)
      [[ -z $first ]] || ${reply(name, subcommands)}
      ${reply(name, program.takes)} ;;
  esac
}
complete -F _${name} ${name}
`;
}

/** `'compare -H'`: a flag, after the command that it belongs to (none: the main one). */
function patterns(command: CompletedCommand, names: readonly string[]): string[] {
  return names.map((flag) => quoted(`${command.name} ${flag}`));
}

function flagsWithValue(command: CompletedCommand): string[] {
  return command.flags.flatMap(({ names, value }) => (value === undefined ? [] : patterns(command, names)));
}

/** One case for all flags that are answered alike. */
function valueCases(name: string, commands: readonly CompletedCommand[]): string[] {
  const flags = commands.flatMap((command) =>
    command.flags.flatMap(({ names, value }) =>
      value === undefined ? [] : [{ words: patterns(command, names), reply: reply(name, value.takes) }],
    ),
  );
  return [...Map.groupBy(flags, (flag) => flag.reply)].map(
    ([answer, alike]) => `    ${alike.flatMap(({ words }) => words).join('|')}) ${answer}; return ;;`,
  );
}

function flagNames(command: CompletedCommand): string[] {
  return command.flags.flatMap(({ names }) => names);
}

/** The command that offers what can stand there. */
function reply(name: string, takes: Completion): string {
  switch (takes) {
    case 'file':
      return `_${name}_paths -f`;
    case 'directory':
      return `_${name}_paths -d`;
    case 'anything':
    case 'nothing':
      return ':';
    default:
      return `_${name}_words -W ${quoted(takes.join(' '))}`;
  }
}
