// SPDX-License-Identifier: MIT
// The manifests of a folder, a line for each test and kind: title, program, name (with its #2), kind, outcome, wall_ns, samples,
// files. What ended the process is a failure.
// Usage: node manifests.js FOLDER
const fs = require("fs");

const folder = process.argv[2];
const failures = ["failed", "crashed", "exited"];

for (const file of fs.readdirSync(folder).filter((name) => name.endsWith(".json")).sort()) {
	const test = JSON.parse(fs.readFileSync(`${folder}/${file}`, "utf8"));
	if (!test.program)
		continue;
	const again = /#\d+$/.exec(test.test);
	const name = again && !test.name.endsWith(again[0]) ? test.name + again[0] : test.name;
	for (const run of test.kinds)
		console.log(test.test, test.program.replace(/.*\//, ""), name, run.kind,
			failures.includes(run.outcome) ? "failed" : run.outcome, run.wall_ns, run.samples);
}
