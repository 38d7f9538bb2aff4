#!/bin/sh
# SPDX-License-Identifier: MIT
# Write C source that has files as texts: internal/web/flame.js is web_flame_js.
#
# Usage: embed.sh HEADER FILE... >SOURCE
# Example: scripts/embed.sh web/assets.h internal/web/*.js
set -eu

printf '#include "%s"\n' "$1"
shift
for file; do
	name=$(basename -- "$file" | tr -c 'A-Za-z0-9\n' _)
	printf 'const char web_%s[] = {\n' "$name"
	# A NUL ends each. Only ASCII: char may be signed, and then the compiler refuses the rest.
	od -An -v -to1 -- "$file" | sed 's/  */,0/g; s/^,//; s/$/,/'
	printf '0};\n'
done
