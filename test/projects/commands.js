// SPDX-License-Identifier: MIT
// How the programs of a folder's manifests are run, a line of shell for each: its folder, its environment, its path.
// Usage: node commands.js FOLDER
const fs = require("fs");

const folder = process.argv[2];
const quote = (word) => `'${word.replace(/'/g, "'\\''")}'`;
const commands = new Set();

for (const file of fs.readdirSync(folder).filter((name) => name.endsWith(".json")).sort()) {
	const test = JSON.parse(fs.readFileSync(`${folder}/${file}`, "utf8"));
	if (!test.program)
		continue;
	const words = ["env", ...(test.environment || []), test.program, ...test.arguments];
	commands.add(`(cd ${quote(test.directory || ".")} && exec ${words.map(quote).join(" ")}) >/dev/null 2>&1 </dev/null`);
}
console.log([...commands].join("\n"));
