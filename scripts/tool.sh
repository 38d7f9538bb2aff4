# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Where the tool is; sourced. HOME is the folder above the scripts': that of the repository, or share/pprofmk of an
# installation, which has a bin/ and an include/ in the places where they are found from the scripts.

# tool_installed HOME: is this an installation?
tool_installed() {
	[ -d "$1/bin" ]
}

# tool_path HOME: the tool that belongs to these scripts.
tool_path() {
	if tool_installed "$1"; then
		printf '%s\n' "$1/bin/pprofmk"
	else
		printf '%s\n' "$1/_output/build/bin/pprofmk"
	fi
}
