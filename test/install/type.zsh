#!/bin/zsh -f
# SPDX-License-Identifier: MIT
# Type into a shell on a terminal of its own, and print the words that are there in the end.
#
# Usage: type.zsh SHELL SETUP KEYS
#   SHELL    bash or zsh, without its user's settings
#   SETUP    a command line that it runs before
#   KEYS     what is typed; \t asks for completion
# Needs zsh. Waits for answers, without a limit of its own.
# Example: timeout 20 test/install/type.zsh zsh 'autoload -U compinit; compinit' 'make pprof.te\t'
zmodload zsh/zpty

case $1 in
bash) zpty typed 'TERM=dumb PS1= exec bash --norc --noprofile -i' ;;
zsh) zpty typed 'TERM=dumb exec zsh -f -i' ;;
esac
# The terminal echoes what is typed: the quotes tell that from the answer.
zpty -w typed "$2; echo SET''UP"
zpty -r typed answer $'*SETUP\r*'
# Ctrl-A and Ctrl-E, to the line's begin and end: it is printed, not run.
zpty -n -w typed "${(g::)3}"$'\001'"echo '<' "$'\005'" '>' E''ND"$'\n'
zpty -r typed answer $'*END\r*'
answer=${answer%' > END'*}
print -r -- ${answer##*$'\n< '}
