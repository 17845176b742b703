import type { CompletedCommand, CompletedFlag, Completion } from './describe.ts';
import { quoted } from './quote.ts';

/**
 * The script for zsh: to be sourced after `compinit`, or kept as `_bulkfetch` in a folder of `$fpath`.
 * What stands after the first argument belongs to its command, and to the main one when it is a source.
 */
export function zshScript(program: CompletedCommand): string {
  const { name, commands } = program;
  return `#compdef ${name}
# zsh completion for ${name}, made by \`${name} completion zsh\`
_${name}() {
  local context state state_descr line ret=1
  typeset -A opt_args
  local -a commands=(
${words(commands.map((command) => `${escaped(command.name)}:${command.about}`))}
  )
  local -a flags=(
${words(program.flags.flatMap(flagSpecs))}
  )
  _arguments -s -S -C -A '-*' $flags '1: :->first' '*::: :->rest' && ret=0
  case $state in
    first)
      _describe -t commands command commands && ret=0
      ${action(program.takes)} && ret=0 ;;
    rest)
      words=($line[1] "\${words[@]}")
      ((CURRENT++))
      case $line[1] in
${commands.map(commandCase).join('\n')}
        *) _arguments -s -S $flags ${operands(program.takes)} && ret=0 ;;
      esac ;;
  esac
  return ret
}
if [[ $funcstack[1] == _${name} ]]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi
`;
}

function commandCase({ name, flags, takes }: CompletedCommand): string {
  return `        ${name})
          flags=(
${words(flags.flatMap(flagSpecs))}
          )
          _arguments -s -S $flags ${operands(takes)} && ret=0 ;;`;
}

/** One for each name; the names exclude each other, unless the flag may be given several times. */
function flagSpecs({ names, about, value, repeats }: CompletedFlag): string[] {
  const prefix = repeats ? '*' : `(${names.join(' ')})`;
  const suffix = value === undefined ? '' : `:${escaped(value.label)}:${action(value.takes)}`;
  return names.map((name) => {
    const equals = value !== undefined && name.startsWith('--') ? '=' : '';
    return `${prefix}${name}${equals}[${escaped(about)}]${suffix}`;
  });
}

function operands(takes: Completion): string {
  return takes === 'nothing' ? '' : quoted(`*: :${action(takes)}`);
}

function action(takes: Completion): string {
  switch (takes) {
    case 'file':
      return '_files';
    case 'directory':
      return '_files -/';
    case 'anything':
    case 'nothing':
      return ' ';
    default:
      return `(${takes.join(' ')})`;
  }
}

/** What means something in a specification of `_arguments`. */
function escaped(text: string): string {
  return text.replaceAll(/[\\:[\]]/g, String.raw`\$&`);
}

function words(texts: readonly string[]): string {
  return texts.map((text) => `    ${quoted(text)}`).join('\n');
}
