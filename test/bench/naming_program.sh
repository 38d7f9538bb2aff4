#!/bin/sh
# SPDX-License-Identifier: MIT
# Generates and builds a C program with a lot of debug information: 3,000 functions in 60 files, calls inlined four
# deep in each, and some 2,000 types that every file sees, as in a large C project.
#
# Usage: naming_program.sh FOLDER
#   FOLDER/program is the result; what is there already is built again only where it is missing.
# Needs: cc, awk, xargs. About a minute on 2 cores.
# Example: sh test/bench/naming_program.sh _output/bench/naming
set -eu

folder=${1:?usage: naming_program.sh FOLDER}
files=60
functions=50
types=2000
mkdir -p -- "$folder"
cd -- "$folder"

types_header() {
	awk -v types="$types" 'BEGIN {
		print "#include <stddef.h>"
		for (i = 0; i < types; i++) {
			printf "enum kind_%d { KIND_%d_A, KIND_%d_B = %d, KIND_%d_C };\n", i, i, i, i + 2, i
			printf "struct type_%d {\n\tenum kind_%d kind;\n", i, i
			for (m = 0; m < 6 + i % 9; m++)
				printf "\tstruct type_%d *link_%d_%d;\n\tunsigned value_%d_%d[%d];\n",
					(i * 7 + m) % (i + 1), i, m, i, m, 1 + m
			printf "\tint (*act_%d)(struct type_%d *self, const char *name, size_t len);\n};\n", i, i
		}
	}'
}

source_file() {
	awk -v file="$1" -v functions="$functions" 'BEGIN {
		print "#include \"types.h\""
		for (f = 0; f < functions; f++) {
			n = file "_" f
			salt = file * 1009 + f * 31 + 7
			printf "static inline unsigned mix_%s(unsigned x)\n{\n\treturn x * %du ^ x >> %d;\n}\n",
				n, salt * 2 + 1, 3 + f % 11
			printf "static inline unsigned fold_%s(const unsigned *p, unsigned n)\n{\n", n
			printf "\tunsigned s = %d;\n\tfor (unsigned i = 0; i < n; i++)\n", salt
			printf "\t\ts = mix_%s(s + p[i]);\n\treturn s;\n}\n", n
			printf "static inline unsigned pick_%s(struct type_%d *t, unsigned n)\n{\n", n, salt % 2000
			printf "\tif (t->kind == KIND_%d_B)\n", salt % 2000
			printf "\t\treturn fold_%s(t->value_%d_2, 2);\n", n, salt % 2000
			printf "\treturn fold_%s(t->value_%d_4, n & 3) + mix_%s(n);\n}\n", n, salt % 2000, n
			printf "static inline unsigned part_%s(struct type_%d *t, unsigned n)\n{\n", n, salt % 2000
			printf "\tunsigned r = 0;\n\twhile (n > %d) {\n", 1 + f % 5
			printf "\t\tr += pick_%s(t, n);\n\t\tn /= 2;\n\t}\n\treturn r + pick_%s(t, r);\n}\n", n, n
			printf "unsigned work_%s(void *p, unsigned n);\n", n
			printf "unsigned work_%s(void *p, unsigned n)\n{\n\tstruct type_%d *t = p;\n", n, salt % 2000
			printf "\tif (n == 0)\n\t\treturn mix_%s(%d);\n", n, salt
			printf "\treturn part_%s(t, n) + pick_%s(t, n / 2) * fold_%s(t->value_%d_1, 2);\n}\n",
				n, n, n, salt % 2000
		}
	}'
}

main_file() {
	awk -v files="$files" -v functions="$functions" 'BEGIN {
		for (i = 0; i < files; i++)
			for (f = 0; f < functions; f++)
				printf "unsigned work_%d_%d(void *p, unsigned n);\n", i, f
		print "static unsigned char zero[1 << 16];\nint main(void)\n{\n\tunsigned sum = 0;"
		for (i = 0; i < files; i++)
			for (f = 0; f < functions; f++)
				printf "\tsum += work_%d_%d(zero, 9);\n", i, f
		print "\treturn sum == 1;\n}"
	}'
}

if [ ! -e program ]; then
	types_header >types.h
	main_file >main.c
	i=0
	while [ "$i" -lt "$files" ]; do
		source_file "$i" >"file_$i.c"
		i=$((i + 1))
	done
	# -fno-…: also types that a file does not use, as bigger code would use most of what it includes.
	find . -name '*.c' -print0 | sort -z |
		xargs -0 -n 1 -P 2 "${CC:-cc}" -O2 -g -fno-eliminate-unused-debug-types -c
	"${CC:-cc}" -o program.tmp ./*.o
	mv program.tmp program
	rm -f -- ./*.o
fi
