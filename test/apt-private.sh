# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# An apt of our own, which downloads what the machine's has no business with and leaves that as it is; sourced.
#
#   apt    its folder, absolute: sources, lists, archives; set before
: "${apt:?}"

# apt_private_sources TYPE: the machine's own apt sources, both formats, as deb or deb-src of all architectures.
apt_private_sources() {
	[ ! -s "$apt/sources.list" ] && [ -z "$(ls "$apt/sources.list.d" 2>/dev/null)" ] || return 0
	mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$apt/sources.list.d" "$apt/state"
	: >"$apt/state/status"
	cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
		sed -n -e 's/ arch=[^] ]*//; s/\[arch=[^] ]* */[/; s/\[ *\]//' \
			-e "s/^[[:space:]]*deb\(-src\)\{0,1\}[[:space:]]/$1 /p" | sort -u >"$apt/sources.list"
	for file in /etc/apt/sources.list.d/*.sources; do
		[ ! -e "$file" ] || sed -e "s/^Types:.*/Types: $1/" -e '/^Architectures:/d' "$file" \
			>"$apt/sources.list.d/${file##*/}"
	done
}

# apt_private ARGUMENT...: of apt-get.
apt_private() {
	nice -n 10 apt-get -q -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts="$apt/sources.list.d" \
		-o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt" -o APT::Sandbox::User=root \
		-o Acquire::Languages=none "$@"
}

# Once. A source of the machine that does not answer must not hide the others.
apt_private_update() {
	[ -e "$apt/updated" ] || apt_private update || :
	: >"$apt/updated"
}
