// SPDX-License-Identifier: MIT
// Run the steps of action.yml that are commands of a shell, as a runner of GitHub's does: with their environment, their
// conditions, and the files for outputs and variables. Steps that use another action are named and passed over.
//
// Usage: node steps.mjs ACTION.yml INPUTS.json
//   INPUTS.json    {"inputs": {...}, "github": {"event": {...}, "token": ...}}
//
// Runs in the current folder, with GITHUB_ACTION_PATH the folder of the action. The status is 1 when a step has failed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

const yaml = createRequire(import.meta.url)('js-yaml');
const [actionFile, inputsFile] = process.argv.slice(2);
const action = yaml.load(readFileSync(actionFile, 'utf8'));
const given = JSON.parse(readFileSync(inputsFile, 'utf8'));
const files = mkdtempSync(path.join(tmpdir(), 'steps-'));
const steps = {};
let failed = false;

// GitHub's expressions, as far as they are JavaScript: dots, ==, !=, &&, ||, !, texts in single quotes. What is not there is empty.
function evaluate(expression, inputs) {
  const names = { inputs, github: given.github ?? {}, steps };
  const body = expression.replace(/([a-z-]+(?:\.[A-Za-z_-]+)+)/g, (all) => `get('${all}')`);
  const get = (dotted) => {
    const value = dotted.split('.').reduce((at, name) => at?.[name], names);
    return value ?? '';
  };
  return Function('get', 'cancelled', 'always', `return (${body});`)(get, () => false, () => true);
}

const fill = (text, inputs) => String(text).replace(/\$\{\{(.*?)\}\}/g, (all, expression) => evaluate(expression, inputs));

const inputs = {};
for (const [name, input] of Object.entries(action.inputs)) inputs[name] = given.inputs[name] ?? fill(input.default ?? '', {});
for (const name of Object.keys(given.inputs)) if (!(name in action.inputs)) throw new Error(`there is no input ${name}`);

// "NAME=VALUE" lines.
const pairs = (file) => readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);

const environment = { ...process.env, GITHUB_ACTION_PATH: path.dirname(path.resolve(actionFile)) };
for (const step of action.runs.steps) {
  // A step without a condition is run as long as none has failed.
  const wanted = step.if ? evaluate(String(step.if).replace(/^\$\{\{|\}\}$/g, ''), inputs) : !failed;
  if (!wanted) {
    console.log(`## not run: ${step.name}`);
    continue;
  }
  if (step.uses) {
    console.log(`## ${step.uses}: ${fill(JSON.stringify(step.with), inputs)}`);
    continue;
  }
  console.log(`## ${step.name}`);
  for (const name of ['output', 'env', 'path', 'script']) writeFileSync(path.join(files, name), '');
  writeFileSync(path.join(files, 'script'), fill(step.run, inputs));
  const own = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, text]) => [name, fill(text, inputs)]));
  const { status } = spawnSync(step.shell, ['-e', path.join(files, 'script')], {
    stdio: 'inherit',
    env: {
      ...environment,
      ...own,
      GITHUB_OUTPUT: path.join(files, 'output'),
      GITHUB_ENV: path.join(files, 'env'),
      GITHUB_PATH: path.join(files, 'path'),
    },
  });
  failed ||= status !== 0;
  if (step.id) steps[step.id] = { outputs: Object.fromEntries(pairs(path.join(files, 'output'))) };
  for (const [name, value] of pairs(path.join(files, 'env'))) environment[name] = value;
  for (const line of readFileSync(path.join(files, 'path'), 'utf8').split('\n').filter(Boolean)) environment.PATH = `${line}:${environment.PATH}`;
}
rmSync(files, { recursive: true });
for (const [name, output] of Object.entries(action.outputs)) console.log(`## output ${name}=${fill(output.value, inputs)}`);
process.exit(failed ? 1 : 0);
