#!/usr/bin/env -S zsh -f
# complete.zsh FOLDER LINE…: prints what zsh makes of each LINE by the Tab key, with the completion functions of FOLDER.
zmodload zsh/zpty
folder=$1 result=$1/line
shift
# Only what is needed of zsh's own functions: reading all of them takes seconds.
folders=(/usr/share/zsh/functions/Completion{,/Base,/Unix}(N) /usr/share/zsh/$ZSH_VERSION/functions(N))
zpty shell zsh -f -i
zpty -w shell "fpath=($folder $folders); autoload -Uz compinit; compinit -u -D
show() { print -r -- \$BUFFER >$result; BUFFER= }; zle -N show; bindkey '^X' show"
for line; do
    rm -f $result
    zpty -w -n shell $line$'\t\C-x'
    for turn in {1..600}; do
        [[ -s $result ]] && break
        sleep 0.1
    done
    cat $result
done
