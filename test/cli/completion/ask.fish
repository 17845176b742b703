# What fish offers for lines: ask.fish SCRIPT LINE…; a line with what is offered for each, after tabs.
source $argv[1]
for line in $argv[2..]
    printf %s $line
    for offer in (complete -C $line)
        printf '\t%s' (string split -- \t $offer)[1]
    end
    printf '\n'
end
