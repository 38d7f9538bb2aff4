// SPDX-License-Identifier: MIT
// Folders of profiles, as a run of tests leaves them, written by code that shares nothing with ours.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { encodeProfile } from './profile.mjs';

export const cpuTypes = [['samples', 'count'], ['cpu', 'nanoseconds']];

const stemOf = (name) => name.replace(/[^A-Za-z0-9._+=,@#-]/g, (character) => [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''));

// A test of these profiles, {kind: bytes}, and members of its manifest.
export async function addTest(out, name, profiles, members = {}) {
  const stem = stemOf(name);
  const files = Object.fromEntries(Object.keys(profiles).map((kind) => [kind, `${stem}.${kind}.pb.gz`]));
  for (const [kind, bytes] of Object.entries(profiles)) await writeFile(path.join(out, files[kind]), bytes);
  await writeFile(path.join(out, `${stem}.json`), JSON.stringify({
    schema: 1, test: name, name, package: 'lib', program: '/p/lib_test', date: '2026-01-02T03:04:05Z',
    kinds: [{ kind: 'cpu', outcome: 'passed', ended: 'passed', runs: 1, wall_ns: 2e6, cpu_ns: 1e6 }], files, ...members,
  }));
}

// Tests with a cpu profile each of 300 stacks of 14 calls, of some 650 functions. The same in each run.
export async function addManyTests(out, count) {
  for (let test = 0; test < count; test++) {
    let state = test + 1;
    const random = (most) => (state = (state * 48271) % 2147483647) % most;
    const call = (_, depth) => `function_${depth}_with_a_longer_name_${random(depth < 8 ? 2 : 160)}`;
    const samples = Array.from({ length: 300 }, () => [['main', 'run', ...Array.from({ length: 12 }, call)], [1, 1 + random(1000000)]]);
    await addTest(out, `test_of_something_${test}`, { cpu: encodeProfile(samples, { types: cpuTypes }) });
  }
}
