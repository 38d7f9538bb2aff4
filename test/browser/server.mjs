// SPDX-License-Identifier: MIT
// Starting `pprofmk web` on a free port, and ending it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const tool = process.env.PPROF_TOOL ?? path.join(root, '_output/build/bin/pprofmk');
// Where the profiles are, and the folder whose sources they name.
export const profiles = process.env.PPROF_OUT_UNDER_TEST ?? path.join(root, '_output/test/browser');
export const project = process.env.PPROF_PROJECT_UNDER_TEST ?? path.join(root, 'examples/send-code');

// What takes a second in all may take a minute where others have the processors. Nothing depends on it but when one that hangs ends.
const patienceMs = 120000;
export const limits = { timeout: patienceMs };

// Those that run: a test that fails has no chance to end its own, and node waits for it.
const running = new Set();

after(() => {
  for (const child of running) child.kill('SIGKILL');
});

export function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

// Until it is so; what is said when it never is.
export async function until(isSo, said) {
  for (const deadline = Date.now() + patienceMs; !isSo(); await sleep(20)) assert.ok(Date.now() < deadline, said());
}

// Run the tool. `said()` is what it has printed, `exited` resolves to { status, signal }.
export function run(args, env = {}) {
  const child = spawn(tool, args, { cwd: project, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  running.add(child);
  child.once('close', () => running.delete(child));
  child.stdout.on('data', (chunk) => (text += chunk));
  child.stderr.on('data', (chunk) => (text += chunk));
  const exited = new Promise((resolve) => child.once('close', (status, signal) => resolve({ status, signal })));
  return { child, exited, said: () => text };
}

// Serve a test's profile, or its trace. Resolves, once pages can be had, to the address and a function that ends the server
// as Ctrl-C does and resolves to how it ended.
export function serve(func, kind, { out = profiles, port = 0, env = {} } = {}) {
  return started(run(['web', `--func=${func}`, `--kind=${kind}`, `--out=${out}`, `--port=${port}`], env));
}

export function serveTrace(func, { out = profiles, port = 0, host = 'localhost' } = {}) {
  return started(run(['trace-show', `--func=${func}`, `--out=${out}`, `--port=${port}`, `--host=${host}`]));
}

async function started(server) {
  const deadline = Date.now() + patienceMs;
  let ended;
  server.exited.then((end) => (ended = end));
  for (;;) {
    const address = server.said().match(/http:\/\/[^\s/]+/);
    if (address) return { ...server, address: address[0], stop: () => stop(server) };
    if (ended || Date.now() > deadline) {
      server.child.kill('SIGKILL');
      throw new Error(`no address from pprofmk: ${server.said()}`);
    }
    await sleep(20);
  }
}

function stop(server) {
  server.child.kill('SIGINT');
  return server.exited;
}
