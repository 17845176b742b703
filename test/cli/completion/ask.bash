# What bash offers for lines: ask.bash SCRIPT LINE…; a line with what is offered for each, after tabs.
source "$1"
shift
for line; do
  # Words as readline makes them: = and : stand for themselves.
  spaced=${line//=/ = }
  spaced=${spaced//:/ : }
  IFS=' ' read -ra COMP_WORDS <<< "$spaced"
  [[ $line != *' ' ]] || COMP_WORDS+=('')
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  _bulkfetch bulkfetch "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
  printf '%s' "$line"
  ((${#COMPREPLY[@]} == 0)) || printf '\t%s' "${COMPREPLY[@]}"
  printf '\n'
done
