// SPDX-License-Identifier: MIT
// How fast the trace viewer is, in headless Chromium: from the command to the first complete picture, from a move to its picture, frames a
// second while moving, and the server's memory at its largest (what it has mapped of the file counts).
//
// Usage: node show.mjs TOOL FOLDER TEST    prints NAME VALUE lines: first.s move.p50.ms move.p99.ms frames.hz memory.mb, for both timelines
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { chromium } = createRequire(path.join(root, 'test/browser/'))('playwright-core');
const [tool, folder, test] = process.argv.slice(2);
const MOVES = 200;
const FRAMES = 240;

function serve() {
  const child = spawn(tool, ['trace-show', `--func=${test}`, `--out=${folder}`, '--port=0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    let said = '';
    child.once('exit', () => reject(new Error(`it ended: ${said}`)));
    child.stdout.on('data', (chunk) => {
      said += chunk;
      const address = said.match(/http:\/\/[^\s/]+/);
      if (address) resolve({ address: address[0], child });
    });
  });
}

// The picture of a place and a width, from asking to having it drawn. Widths from all of the trace to a millionth of it.
async function moves(count) {
  const timeline = window.traceTimeline;
  const span = timeline.info.span_ns;
  const took = [];
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647; // Lehmer's: the same places each time
  for (let i = 0; i < count; i++) {
    const width = span * 0.5 ** (random() * 20);
    const from = random() * (span - width);
    timeline.latency = undefined;
    const begin = performance.now();
    timeline.setView(from, from + width);
    while (timeline.latency === undefined) await new Promise((resolve) => setTimeout(resolve, 0));
    await new Promise((resolve) => requestAnimationFrame(resolve));
    took.push(performance.now() - begin);
  }
  return took.sort((a, b) => a - b);
}

async function frames(count) {
  const timeline = window.traceTimeline;
  const took = [];
  timeline.setView(0, timeline.info.span_ns / 8);
  let before = await new Promise((resolve) => requestAnimationFrame(resolve));
  for (let i = 0; i < count; i++) {
    if (i % 40 < 20) timeline.move(0.01);
    else timeline.zoom(i % 2 ? 1.02 : 0.98);
    const now = await new Promise((resolve) => requestAnimationFrame(resolve));
    took.push(now - before);
    before = now;
  }
  return took.sort((a, b) => a - b);
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
});
try {
  for (const view of ['cpus', 'threads']) {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const begin = performance.now();
    const { address, child } = await serve();
    await page.goto(`${address}/#${view}`);
    await page.waitForFunction(() => window.traceTimeline?.latency !== undefined, null, { polling: 'raf', timeout: 120000 });
    console.log(`${view}.first.s ${((performance.now() - begin) / 1000).toFixed(4)}`);
    const took = await page.evaluate(moves, MOVES);
    console.log(`${view}.move.p50.ms ${at(took, 0.5).toFixed(2)}`);
    console.log(`${view}.move.p99.ms ${at(took, 0.99).toFixed(2)}`);
    console.log(`${view}.frames.hz ${(1000 / at(await page.evaluate(frames, FRAMES), 0.5)).toFixed(2)}`);
    console.log(`${view}.memory.mb ${Number(readFileSync(`/proc/${child.pid}/status`, 'utf8').match(/VmHWM:\s+(\d+)/)[1]) / 1024}`);
    child.removeAllListeners('exit');
    child.kill('SIGINT');
    await page.close();
  }
} finally {
  await browser.close();
}
