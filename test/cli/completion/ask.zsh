# What zsh offers for lines: ask.zsh SCRIPT LINE…; a line with what is offered for each, after tabs.
# A zsh at a terminal of its own is sent the lines and a tab; its `compadd` notes what it adds.
zmodload zsh/zpty || exit
zpty shell zsh -f -i
zpty -w shell "PS1= PS2= script=${(q)1}"' && stty -echo && unset zle_bracketed_paste
autoload -Uz compinit && compinit -D -u && source $script
compadd() {
  local -a store
  zparseopts -E -a store O: A: D:
  if (( ! $#store )); then
    local -a added
    builtin compadd -A added "$@"
    offers+=("${added[@]}")
  fi
  builtin compadd "$@"
}
ask() {
  local -a offers
  _main_complete
  compstate[insert]= compstate[list]=
  print -rn -- "<<"${(pj:\t:)${(Q)offers}}">>"
}
zle -C ask complete-word ask
bindkey "^I" ask
print -r -- "<<""ready>>"'
zpty -r shell out '*<<ready>>*'
shift
for line; do
  zpty -w -n shell "$line"$'\t'
  zpty -r shell out '*<<*>>*'
  offers=${${out##*<<}%%>>*}
  print -r -- $line${offers:+$'\t'$offers}
  zpty -w -n shell $'\C-u'
done
zpty -d shell
