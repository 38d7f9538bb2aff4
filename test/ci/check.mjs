// SPDX-License-Identifier: MIT
// Does a file follow the published schema? What is wrong is printed, and the status is 1.
//
// Usage: node check.mjs gitlab FILE      .gitlab-ci.yml, by GitLab's schema, as gitlab-ci-local brings it
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
// Both come with gitlab-ci-local.
const Ajv = require('ajv');
const yaml = require('js-yaml');
const schema = JSON.parse(readFileSync(require.resolve('gitlab-ci-local/src/schema/schema.json')));

const [what, file] = process.argv.slice(2);
if (what !== 'gitlab') throw new Error(`what is ${what}? One of gitlab`);
const ajv = new (Ajv.default ?? Ajv)({ strict: false, validateFormats: false });
const validate = ajv.compile(schema);
if (!validate(yaml.load(readFileSync(file, 'utf8')))) {
  for (const error of validate.errors) console.error(`${file}${error.instancePath}: ${error.message}`);
  process.exit(1);
}
