// SPDX-License-Identifier: MIT
// How `pprofmk web` begins and ends, and what it says when it cannot.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { limits, profiles, run, serve, sleep, until } from './server.mjs';

const { func } = JSON.parse(readFileSync(process.env.PPROF_EXPECTED ?? new URL('expected.json', import.meta.url)));

function web(...args) {
  return ['web', `--func=${func}`, '--kind=cpu', `--out=${profiles}`, '--port=0', ...args];
}

// Processes whose parent is `pid`.
function childrenOf(pid) {
  return readdirSync('/proc').filter((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      return readFileSync(`/proc/${entry}/stat`, 'utf8').replace(/.*\) /, '').split(' ')[1] === String(pid);
    } catch {
      return false; // it has ended meanwhile
    }
  });
}

function isAlive(pid) {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

// Both pprof: the second is started when the first listens.
async function bothChildren(server) {
  for (let children = []; ; children = childrenOf(server.child.pid)) {
    if (children.length === 2) return children;
    await sleep(20);
  }
}

function allEnd(pids) {
  return until(() => !pids.some(isAlive), () => `still there: ${pids.filter(isAlive)}`);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  it(`${signal} ends it and both pprof, with status 0`, limits, async () => {
    const server = await serve(func, 'cpu');
    const children = await bothChildren(server);
    server.child.kill(signal);
    assert.deepEqual(await server.exited, { status: 0, signal: null });
    await allEnd(children);
  });
}

it('kill -9 ends both pprof too', limits, async () => {
  const server = await serve(func, 'cpu');
  const children = await bothChildren(server);
  server.child.kill('SIGKILL');
  await server.exited;
  await allEnd(children);
});

it('a pprof that dies is told, with status 1', limits, async () => {
  const server = await serve(func, 'cpu');
  const children = await bothChildren(server);
  process.kill(Number(children[0]), 'SIGKILL');
  assert.deepEqual(await server.exited, { status: 1, signal: null });
  assert.match(server.said(), /pprofmk: pprof was ended by signal 9 \(Killed\)/);
  await allEnd(children);
});

it('what pprof has against its start is shown', limits, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'pprofmk-browser-'));
  const pprof = path.join(folder, 'pprof');
  await writeFile(pprof, '#!/bin/sh\necho "this one cannot" >&2\nexit 3\n', { mode: 0o755 });
  const server = run(web(), { PPROF: pprof });
  assert.deepEqual(await server.exited, { status: 1, signal: null });
  assert.equal(server.said(), 'this one cannot\npprofmk: pprof ended with status 3\n');
  await rm(folder, { recursive: true });
});

it('a busy port is told with its owner, and nothing is started', limits, async () => {
  const busy = createServer();
  await new Promise((resolve) => busy.listen(0, '127.0.0.1', resolve));
  const { port } = busy.address();
  const server = run(web(`--port=${port}`));
  assert.deepEqual(await server.exited, { status: 1, signal: null });
  const owner = readFileSync('/proc/self/comm', 'utf8').trim();
  assert.equal(
    server.said(),
    `pprofmk: port ${port} of localhost is in use by ${owner} (pid ${process.pid}): end it, or choose another one with Port=\n`,
  );
  busy.close();
});

it('a port can be taken again at once', limits, async () => {
  const first = await serve(func, 'cpu');
  const { port } = new URL(first.address);
  assert.equal((await fetch(first.address)).status, 200);
  await first.stop();
  const second = await serve(func, 'cpu', { port });
  assert.equal(new URL(second.address).port, port);
  await second.stop();
});

it('a host without an address is told', limits, async () => {
  const server = run(web('--host=no-such-host.invalid'));
  assert.deepEqual(await server.exited, { status: 1, signal: null });
  assert.match(server.said(), /^pprofmk: no address for Host=no-such-host.invalid: /);
});

it('no pprof program is told, with what to do', limits, async () => {
  const server = run(web(), { PPROF: '/nonexistent/pprof' });
  assert.deepEqual(await server.exited, { status: 1, signal: null });
  assert.match(server.said(), /^pprofmk: no pprof program \(PPROF=\/nonexistent\/pprof is no program\): install Go 1.22/);
});

it('without dot the graph says what it needs, and the others work', limits, async () => {
  const server = await serve(func, 'cpu', { env: { PATH: '/nonexistent' } });
  assert.match(server.said(), /no dot in PATH: the Graph view needs graphviz/);
  assert.equal((await fetch(`${server.address}/ui/top`)).status, 200);
  const graph = await fetch(`${server.address}/ui/`);
  assert.equal(graph.status, 501);
  assert.match(await graph.text(), /graphviz/);
  await server.stop();
});

it('a profile that is not there is told, with its target and names like it', limits, async () => {
  const server = run(['web', `--func=${func}x`, '--kind=mem', `--out=${profiles}`]);
  assert.deepEqual(await server.exited, { status: 1, signal: null });
  const [missing, similar] = server.said().trimEnd().split('\n');
  assert.match(missing, new RegExp(`^pprofmk: .*/${func}x.mem.pb.gz is not there; .make pprof.test Func=${func}x.`));
  assert.equal(similar, `pprofmk: there is one of Func=${func}`);
});

it('a profile that is damaged is told with its place', limits, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'pprofmk-browser-'));
  const whole = readFileSync(path.join(profiles, `${func}.cpu.pb.gz`));
  await writeFile(path.join(folder, 'cut.cpu.pb.gz'), whole.subarray(0, 100));
  const server = run(['web', '--func=cut', '--kind=cpu', `--out=${folder}`]);
  assert.deepEqual(await server.exited, { status: 1, signal: null });
  assert.equal(server.said(), `pprofmk: ${folder}/cut.cpu.pb.gz: truncated at byte 100\n`);
  await rm(folder, { recursive: true });
});

it('a download is the file as it was written', limits, async () => {
  const server = await serve(func, 'cpu');
  const answer = await fetch(`${server.address}/ui/download`);
  assert.equal(answer.status, 200);
  const file = readFileSync(path.join(profiles, `${func}.cpu.pb.gz`));
  assert.ok(file.equals(Buffer.from(await answer.arrayBuffer())));
  await server.stop();
});

it('many requests on one connection each find their way', limits, async () => {
  const server = await serve(func, 'cpu');
  const pages = ['/ui/top', '/', '/ui/disasm?f=drop_expired', '/ui/', '/ui/top', '/'];
  const answers = await Promise.all(pages.map((page) => fetch(server.address + page, { redirect: 'manual' })));
  assert.deepEqual(answers.map((answer) => answer.status), [200, 302, 200, 200, 200, 302]);
  assert.equal(answers[1].headers.get('location'), '/ui/flamegraph');
  await server.stop();
});
