#!/bin/sh
# SPDX-License-Identifier: MIT
# Write C source that has files as texts: internal/web/flame.js is web_flame_js. web_flame_js_hash is what a page's content
# security policy calls it.
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
	hash=$(sha256sum <"$file" | cut -c1-64 | tr a-f A-F | basenc --base16 -d | base64 -w0)
	printf 'const char web_%s_hash[] = "sha256-%s";\n' "$name" "$hash"
done
