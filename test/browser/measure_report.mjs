// SPDX-License-Identifier: MIT
// How large the page of a report is, and how long it takes until its table is seen: docs/bench.md has the figures.
//
// Usage: node test/browser/measure_report.mjs [DIR]    a folder of profiles; 200 tests made for this
// Needs Chromium, and playwright-core (npm ci here).
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { addManyTests } from './artifact.mjs';
import { launch } from './browser.mjs';

const runs = 11;
const tool = process.env.PPROF_TOOL ?? fileURLToPath(new URL('../../_output/build/bin/pprofmk', import.meta.url));

// Since the page was asked for: when the first of it was drawn, the table among it.
async function timeOf(browser, address) {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  await page.goto(address);
  await page.locator('main tbody tr').first().waitFor();
  const seen = await page.evaluate(() => new Promise((resolve) => {
    new PerformanceObserver((list) => resolve(list.getEntriesByName('first-contentful-paint')[0].startTime)).observe({ type: 'paint', buffered: true });
  }));
  const rows = await page.locator('main tbody tr').count();
  await page.close();
  return { seen, rows };
}

const made = process.argv[2] ? null : await mkdtemp(path.join(tmpdir(), 'pprofmk-measure-'));
const out = process.argv[2] ?? made;
if (made) await addManyTests(made, 200);
const begin = performance.now();
const { status } = spawnSync(tool, ['report', `--out=${out}`], { stdio: ['ignore', 'ignore', 'inherit'] });
if (status !== 0) process.exit(1);
const taken = performance.now() - begin;
const { size } = await stat(path.join(out, 'index.html'));
const browser = await launch();
const times = [];
for (let run = 0; run < runs; run++) times.push(await timeOf(browser, pathToFileURL(path.join(out, 'index.html')).href));
await browser.close();
times.sort((a, b) => a.seen - b.seen);
const ms = (place) => `${times[place].seen.toFixed(0)} ms`;
console.log(`${times[0].rows} tests: ${(size / 1e6).toFixed(2)} MB, written in ${(taken / 1000).toFixed(1)} s, seen after ${ms(runs >> 1)} (${ms(0)} to ${ms(runs - 1)})`);
if (made) await rm(made, { recursive: true });
