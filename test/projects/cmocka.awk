# SPDX-License-Identifier: MIT
# From the output of cmocka programs, "program<TAB>line", to a line "program test verdict" for each test announced; the second of a
# name is NAME#2. Where stdout and stderr were kept apart, a verdict may come behind other tests.
BEGIN { FS = "\t" }

# The name behind "[   WORD ] ".
function name_in(line) {
	sub(/^\[[^]]*\] /, "", line)
	return line
}

{
	program = $1
	line = substr($0, length($1) + 2)
}

line ~ /^\[ RUN      \] / {
	name = name_in(line)
	count = ++times[program, name]
	current = program " " name (count > 1 ? "#" count : "")
	order[++tests] = current
	verdict[current] = "none"
}

line ~ /^\[ *(OK|FAILED|ERROR|SKIPPED) *\] / {
	split(line, word, /[][ ]+/)
	test = program " " name_in(line)
	if (index(current, test) == 1 && verdict[current] == "none")
		test = current
	if (verdict[test] == "none")
		verdict[test] = word[2] == "OK" ? "passed" : word[2] == "SKIPPED" ? "skipped" : "failed"
}

END {
	for (i = 1; i <= tests; i++)
		print order[i], verdict[order[i]]
}
