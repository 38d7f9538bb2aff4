# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Completion in bash: of pprofmk, and in make of the targets pprof.* and of the values of their variables. Everything
# else in make is completed as before. bash-completion loads it; without that: source it in ~/.bashrc.

# The words up to the cursor, also where bash splits them, at = and :, without the shell's quotes and with nothing in them
# expanded but a home folder, to _pprofmk_words: the last is the one at the cursor. A quote that is still open there goes to
# _pprofmk_quote.
_pprofmk_split() {
	local line=${COMP_LINE:0:COMP_POINT} char word='' has_begun=''
	_pprofmk_words=() _pprofmk_quote=''
	while [[ -n $line ]]; do
		char=${line:0:1} line=${line:1}
		if [[ -z $_pprofmk_quote && $char == [[:space:]] ]]; then
			[[ -z $has_begun ]] || _pprofmk_words+=("$word")
			word='' has_begun=''
			continue
		fi
		has_begun=1
		if [[ $char == "$_pprofmk_quote" ]]; then
			_pprofmk_quote=''
		elif [[ $char == \\ && $_pprofmk_quote != \' ]]; then
			word+=${line:0:1} line=${line:1}
		elif [[ -n $_pprofmk_quote ]]; then
			word+=$char
		elif [[ $char == [\'\"] ]]; then
			_pprofmk_quote=$char
		else
			word+=$char
		fi
	done
	_pprofmk_words+=("$word")
	_pprofmk_words=("${_pprofmk_words[@]/#\~\//$HOME/}")
}

# _pprofmk_quoted WORD: as it is typed, which in quotes is as it is.
_pprofmk_quoted() {
	REPLY=$1
	[[ -z $1 || -n $_pprofmk_quote ]] || printf -v REPLY '%q' "$1"
}

# _pprofmk_reply WORD PREFIX [SUFFIX]: candidates come in, a line each, what follows a tab left out; those that begin
# with WORD, or what is behind its last comma, go to COMPREPLY, with PREFIX before. Of it all, bash wants what is behind
# the last break of the word, which an open quote is, too.
_pprofmk_reply() {
	local word=${1##*,} prefix suffix=${3- } typed=$2$1 candidate before=''
	prefix=${typed%"$word"}
	_pprofmk_quoted "$word"
	typed=$prefix$REPLY
	if [[ -n $_pprofmk_quote ]]; then
		suffix='' before=$prefix
	elif [[ $typed == *[=:]* ]]; then
		before=${typed%"${typed##*[=:]}"}
		[[ $COMP_WORDBREAKS == *"${before: -1}"* ]] || before=''
	fi
	while IFS= read -r candidate; do
		candidate=${candidate%%$'\t'*}
		[[ $candidate == "$word"* ]] || continue
		_pprofmk_quoted "$candidate"
		REPLY=$prefix$REPLY$suffix
		COMPREPLY+=("${REPLY#"$before"}")
	done
	compopt -o nospace 2>/dev/null
	return 0
}

# Ask the project at hand, with what the line says of it: its folder, its Makefile, package and program.
_pprofmk_ask_make() {
	local -a options=()
	local i
	for ((i = 1; i < ${#_pprofmk_words[@]}; i++)); do
		case ${_pprofmk_words[i]} in
		*[\$\`]*) ;;
		-C | -f | --directory | --file | --makefile)
			options+=("${_pprofmk_words[i]}" "${_pprofmk_words[++i]-}")
			;;
		-[Cf]?* | --directory=* | --file=* | --makefile=* | Package=?* | Bin=?* | PPROF_OUT=?*)
			# What is being typed is not said yet.
			((i == ${#_pprofmk_words[@]} - 1)) || options+=("${_pprofmk_words[i]}")
			;;
		esac
	done
	PPROF_COMPLETE=$1 command make -s "${options[@]}" pprof.complete 2>/dev/null
}

# The word, if it is one of ours.
_pprofmk_make_word() {
	local word name value
	word=${_pprofmk_words[-1]}
	case $word in
	*[\$\`]*) ;;
	pprof*) _pprofmk_reply "$word" '' < <(_pprofmk_ask_make targets) ;;
	[A-Z]*=*)
		name=${word%%=*} value=${word#*=}
		_pprofmk_ask_make variables | grep -qxF -- "$name" || return
		_pprofmk_reply "$value" "$name=" < <(_pprofmk_ask_make "$name")
		;;
	[A-Z]*) _pprofmk_reply "$word" '' = < <(_pprofmk_ask_make variables) ;;
	esac
	((${#COMPREPLY[@]}))
}

# bash-completion's own for make: in the first folder whose file is not this one.
_pprofmk_load_make() {
	local folder file
	local -a folders
	IFS=: read -ra folders <<<"${XDG_DATA_DIRS:-/usr/local/share:/usr/share}:/usr/share"
	_pprofmk_make_before=''
	for folder in "${folders[@]}"; do
		file=$folder/bash-completion/completions/make
		if [[ -f $file ]] && ! grep -q _pprofmk_load_make "$file"; then
			# shellcheck source=/dev/null
			source "$file"
			_pprofmk_make_before=$(complete -p make | sed -n 's/.* -F \([^ ]*\) .*/\1/p')
			break
		fi
	done
	complete -o default -F _pprofmk_make make gmake
}

_pprofmk_make() {
	local _pprofmk_quote
	local -a _pprofmk_words
	COMPREPLY=()
	_pprofmk_split
	_pprofmk_make_word && return
	COMPREPLY=()
	[[ -n ${_pprofmk_make_before+set} ]] || _pprofmk_load_make
	[[ -z $_pprofmk_make_before ]] || "$_pprofmk_make_before" "$@"
}

# The script that knows what there is to say, found from the tool, wherever it is installed.
_pprofmk_ask_tool() {
	local tool script
	tool=$(command -v -- "$1") && tool=$(readlink -f -- "$tool") || return
	script=${tool%/bin/*}/share/pprofmk/scripts/complete.sh
	[[ ! -x $script ]] || "$script" tool "$tool" "${@:2}" 2>/dev/null
}

_pprofmk() {
	local word option prefix='' command=${COMP_WORDS[1]-} i _pprofmk_quote
	local -a _pprofmk_words programs=()
	COMPREPLY=()
	_pprofmk_split
	word=${_pprofmk_words[-1]}
	if ((${#_pprofmk_words[@]} == 2)); then
		_pprofmk_reply "$word" '' < <(_pprofmk_ask_tool "$1" commands)
		return
	fi
	if [[ $word == --*=* ]]; then
		option=${word%%=*} prefix=${word%%=*}= word=${word#*=}
	elif [[ $word == -* ]]; then
		_pprofmk_reply "$word" '' < <(_pprofmk_ask_tool "$1" options "$command")
		return
	else
		option=${_pprofmk_words[-2]}
	fi
	case $option in
	--func)
		for ((i = 2; i < ${#_pprofmk_words[@]}; i++)); do
			case ${_pprofmk_words[i]} in
			--) break ;;
			--bin | --ctest | --meson | --automake | --config) programs+=("${_pprofmk_words[i]}=${_pprofmk_words[++i]-}") ;;
			--bin=* | --ctest=* | --meson=* | --automake=* | --config=*) programs+=("${_pprofmk_words[i]}") ;;
			--*=*) ;;
			--*) ((++i)) ;;
			?*) programs+=("--bin=${_pprofmk_words[i]}") ;;
			esac
		done
		_pprofmk_reply "$word" "$prefix" < <(_pprofmk_ask_tool "$1" tests "${programs[@]}")
		;;
	help) _pprofmk_reply "$word" '' < <(_pprofmk_ask_tool "$1" commands) ;;
	--*) _pprofmk_reply "$word" "$prefix" < <(_pprofmk_ask_tool "$1" values "$command" "$option") ;;
	esac
}

complete -o default -F _pprofmk pprofmk
complete -o default -F _pprofmk_make make gmake
