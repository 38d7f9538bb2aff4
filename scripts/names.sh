# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Slips in the names of variables, which make itself takes without a word; sourced, after say.sh. PPROF_ARG_GIVEN has the names on
# make's command line, PPROF_ARG_KNOWN ours. They are only told of: the name may be the project's own.

# is_given NAME: on the command line?
is_given() {
	case " ${PPROF_ARG_GIVEN-} " in
	*" $1 "*) return 0 ;;
	esac
	return 1
}

# tell_of_slips: a line for each name that is one of ours but for its case, or for one letter. Other names in capitals are
# the projects' own, as a rule: of those only the case counts.
tell_of_slips() {
	[ -n "${PPROF_ARG_GIVEN-}" ] || return 0
	slips=$(awk -v given="$PPROF_ARG_GIVEN" -v known="$PPROF_ARG_KNOWN" '
	# One letter more, less, another one, or two changed over?
	function is_near(a, b,    i, x, y) {
		if (length(a) > length(b)) {
			x = a; a = b; b = x
		}
		if (length(b) - length(a) > 1)
			return 0
		for (i = 1; i <= length(a) && substr(a, i, 1) == substr(b, i, 1); i++)
			;
		x = substr(a, i); y = substr(b, i)
		if (length(a) < length(b))
			return x == substr(y, 2)
		return substr(x, 2) == substr(y, 2) ||
			(substr(x, 1, 2) == substr(y, 2, 1) substr(y, 1, 1) && substr(x, 3) == substr(y, 3))
	}
	BEGIN {
		count = split(known, ours, " ")
		for (i = 1; i <= count; i++)
			is_ours[ours[i]] = 1
		names = split(given, name, " ")
		for (n = 1; n <= names; n++) {
			meant = ""
			for (i = 1; i <= count && !(name[n] in is_ours); i++)
				if (tolower(name[n]) == tolower(ours[i]))
					meant = ours[i]
				else if (meant == "" && name[n] ~ /[a-z]|^PPROF_/ && length(ours[i]) > 3 && is_near(tolower(name[n]), tolower(ours[i])))
					meant = ours[i]
			if (meant != "")
				print name[n], meant
		}
	}')
	while read -r slip meant; do
		[ -z "$slip" ] || say "$slip= is no variable of pprof.mk: did you mean $meant=?"
	done <<-SLIPS
		$slips
	SLIPS
}

# tell_of_other GIVEN MEANT: the one that this target does not know, without the other, which it does.
tell_of_other() {
	if is_given "$1" && ! is_given "$2"; then
		say "$1= says nothing to this target: did you mean $2=?"
	fi
}
