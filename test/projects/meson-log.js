// SPDX-License-Identifier: MIT
// What Meson noted of the tests that it ran (meson-logs/testlog.json), each line behind its test's name and a tab.
// Usage: node meson-log.js FILE
const fs = require("fs");

for (const line of fs.readFileSync(process.argv[2], "utf8").split("\n").filter(Boolean)) {
	const test = JSON.parse(line);
	for (const text of [test.stdout, test.stderr])
		for (const row of (text || "").split("\n"))
			console.log(`${test.name}\t${row}`);
}
