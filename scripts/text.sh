# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Changes of text; sourced.

# replace_all TEXT FROM TO: each FROM in the text is TO, literally.
replace_all() {
	text=$1 done=
	while :; do
		case $text in
		*"$2"*) done=$done${text%%"$2"*}$3 text=${text#*"$2"} ;;
		*) break ;;
		esac
	done
	printf '%s\n' "$done$text"
}
