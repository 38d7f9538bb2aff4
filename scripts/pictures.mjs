// SPDX-License-Identifier: MIT
// Photograph the web UI of profiles, the views of a trace, and a report. Called by pictures.sh.
//
// Usage: node pictures.mjs BEFORE AFTER IMGS [trace]
//
// BEFORE, AFTER  the example project, as it is and with its hot spot mended, where `make pprof.test
//                Func=test_send_code` was run
// IMGS           where the .png files go
// trace          only the views of a trace
//
// Environment: PPROF_TOOL, the tool (_output/build/bin/pprofmk); CHROMIUM, the browser (/usr/bin/chromium).
// The browser is driven by the playwright-core of test/browser (`npm ci` there).
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import path from 'node:path';

const root = fileURLToPath(new URL('..', import.meta.url));
const { chromium } = createRequire(path.join(root, 'test/browser/'))('playwright-core');

const pprofmk = process.env.PPROF_TOOL ?? path.join(root, '_output/build/bin/pprofmk');
const browserPath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const test = 'test_send_code';
const width = 1400;
const startLimitMs = 20000;

// name of the picture, which profile, the page, and where the picture ends: at a height or below the
// last of some elements
const pictures = [
  { name: 'flamegraph', project: 'before', kind: 'cpu', page: 'flamegraph', until: '#stack-chart div' },
  { name: 'top', project: 'before', kind: 'cpu', page: 'top', height: 486 },
  { name: 'graph', project: 'before', kind: 'cpu', page: '?n=12&th=.', height: 1000, fit: true },
  { name: 'source', project: 'before', kind: 'cpu', page: 'source?f=drop_expired', height: 620 },
  { name: 'mutex', project: 'before', kind: 'mutex', page: 'flamegraph', until: '#stack-chart div' },
  { name: 'block', project: 'before', kind: 'block', page: 'flamegraph?f=pthread_mutex_lock', until: '#stack-chart div' },
  { name: 'mem', project: 'before', kind: 'mem', page: 'flamegraph', until: '#stack-chart div' },
  { name: 'after', project: 'after', kind: 'cpu', page: 'flamegraph', until: '#stack-chart div' },
];

// name of the picture, and the view; a height where the whole window is too much
const views = [
  { name: 'trace.threads', view: '#threads?sel=t3@', select: true, height: 560 },
  { name: 'trace.cpus', view: '#cpus', height: 470 },
  { name: 'trace.start', view: '#start', height: 640 },
  { name: 'trace.analysis', view: '#analysis', height: 300 },
  { name: 'trace.locks', view: '#locks', height: 640 },
  { name: 'trace.path', view: '#path', height: 640 },
  { name: 'trace.profiles', view: '#profiles?of=sync', height: 640 },
];
const traced = 'test_code_store_shared_by_threads';

// Serve a project's profile on a free port, from its folder, where the sources are. Resolves to its address and a function that stops the server.
function serve(project, kind) {
  return start(project, ['web', `--func=${test}`, `--kind=${kind}`, '--port=0']);
}

function start(project, args) {
  const child = spawn(pprofmk, args, { cwd: project, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const stop = () => {
    child.kill('SIGINT');
    return exited;
  };
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`no address from pprofmk web: ${said}`));
    }, startLimitMs);
    const listen = (chunk) => {
      said += chunk;
      const address = said.match(/http:\/\/[^\s/]+/);
      if (!address) return;
      clearTimeout(timer);
      resolve({ address: address[0], stop });
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    exited.then((status) => reject(new Error(`pprofmk web ended with ${status}: ${said}`)));
  });
}

// pprof listens a moment after it has been started.
async function open(page, url) {
  const deadline = Date.now() + startLimitMs;
  for (;;) {
    try {
      const response = await page.goto(url, { waitUntil: 'networkidle' });
      if (response.ok()) return;
      throw new Error(`${url}: status ${response.status()}`);
    } catch (error) {
      if (Date.now() > deadline || !/ERR_CONNECTION_REFUSED/.test(error.message)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

// The graph opens as wide as the window and is moved with the mouse: show all of it instead.
function fitGraph(height) {
  const svg = document.querySelector('#graph svg');
  const graph = svg.querySelector('#graph0');
  const box = graph.getBBox();
  const top = svg.getBoundingClientRect().top;
  const scale = Math.min(svg.clientWidth / box.width, (height - top) / box.height) * 0.96;
  const x = (svg.clientWidth - box.width * scale) / 2 - box.x * scale;
  const y = 8 - box.y * scale;
  svg.removeAttribute('viewBox');
  graph.setAttribute('transform', `matrix(${scale} 0 0 ${scale} ${x} ${y})`);
}

async function lowerEdge(page, picture) {
  if (picture.fit) await page.evaluate(fitGraph, picture.height);
  if (picture.height) return picture.height;
  const edges = await page
    .locator(picture.until)
    .evaluateAll((elements) => elements.map((element) => element.getBoundingClientRect().bottom));
  return Math.min(Math.ceil(Math.max(...edges)) + 12, 1000);
}

async function take(browser, picture, projects, imgs) {
  const server = await serve(projects[picture.project], picture.kind);
  const page = await browser.newPage({ viewport: { width, height: 1000 } });
  try {
    await open(page, `${server.address}/ui/${picture.page}`);
    const height = await lowerEdge(page, picture);
    const file = path.join(imgs, `${picture.name}.png`);
    await page.screenshot({ path: file, clip: { x: 0, y: 0, width, height } });
    console.log(file);
  } finally {
    await page.close();
    await server.stop();
  }
}

// The views of a trace. The thing chosen is the longest wait for a mutex, where it begins: it may be interrupted later.
async function takeViews(browser, project, imgs) {
  const server = await start(project, ['trace-show', `--func=${traced}`, '--port=0']);
  const page = await browser.newPage({ viewport: { width, height: 1000 } });
  for (const { name, view, select, height } of views) {
    const file = path.join(imgs, `${name}.png`);
    await page.setViewportSize({ width, height });
    await page.goto(`${server.address}/${view.split('?sel')[0]}`);
    await page.waitForFunction(() => document.body.dataset.ready);
    await page.waitForLoadState('networkidle');
    if (select)
      await page.evaluate(async () => {
        let longest;
        for (let thread = 1; thread <= 4; thread++) {
          const { events } = await (await fetch(`/api/1/events?thread=${thread}&types=wait`)).json();
          for (const event of events)
            if (event.arguments.kind === 'mutex' && (!longest || event.end - event.start > longest.end - longest.start))
              longest = { ...event, thread };
        }
        location.hash = `#threads?arrows=1&sel=t${longest.thread}@${Math.floor(longest.start + (longest.end - longest.start) / 10)}`;
      });
    await page.waitForTimeout(800);
    await page.screenshot({ path: file });
    console.log(file);
    await page.goto('about:blank');
  }
  await page.close();
  await server.stop();
}

// The page that `make pprof.ci` has left.
async function takeReport(browser, project, imgs) {
  const page = await browser.newPage({ viewport: { width, height: 1000 } });
  const file = path.join(imgs, 'report.png');
  await page.goto(pathToFileURL(path.join(project, '_output/report/index.html')).href);
  const height = await lowerEdge(page, { until: 'main table' });
  await page.screenshot({ path: file, clip: { x: 0, y: 0, width, height } });
  console.log(file);
  await page.close();
}

const [before, after, imgs, only] = process.argv.slice(2);
if (!imgs) {
  console.error('usage: node pictures.mjs BEFORE AFTER IMGS [trace]');
  process.exit(2);
}
const browser = await chromium.launch({
  executablePath: browserPath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
});
try {
  for (const picture of only === 'trace' ? [] : pictures) await take(browser, picture, { before, after }, imgs);
  await takeViews(browser, before, imgs);
  if (only !== 'trace') await takeReport(browser, before, imgs);
} finally {
  await browser.close();
}
