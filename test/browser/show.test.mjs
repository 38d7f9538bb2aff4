// SPDX-License-Identifier: MIT
// The trace viewer on a trace whose answers are known (known_trace.c), by hand and key as a person would.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { launch, visit } from './browser.mjs';
import { profiles, run, serveTrace, tool } from './server.mjs';

const hostile = '<b onclick=alert(1)>hostile</b>';
const MS = 1e6;
let browser;
let server;

before(async () => {
  browser = await launch();
  server = await serveTrace('test_convoy');
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

// What the terminal prints about it.
function said(command) {
  return JSON.parse(execFileSync(tool, [command, '--func=test_convoy', `--out=${profiles}`, '--format=json'], { encoding: 'utf8' }));
}

// The file that `pprofmk trace-perfetto` writes.
function exported(func) {
  execFileSync(tool, ['trace-perfetto', `--func=${func}`, `--out=${profiles}`]);
  return readFileSync(path.join(profiles, `${func}.pftrace`));
}

// Open a view and wait until it is there; no script fails and none complains.
function view(address, look, options) {
  const complaints = [];
  return visit(browser, `${server.address}/${address}`, async (page) => {
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await ready(page);
    await look(page);
    assert.deepEqual(complaints, []);
    assert.equal(await page.locator('[onclick], b').count(), 0, 'a name became markup');
    assert.deepEqual(await page.locator('body').evaluate(leftOut), [], 'what is left out became text');
  }, options);
}

// Texts that are a script's word for nothing. Runs in the page.
function leftOut(body) {
  const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode())
    if (/^(null|undefined|NaN)$/.test(texts.currentNode.data))
      found.push(texts.currentNode.parentNode.outerHTML.slice(0, 100));
  return found;
}

async function ready(page) {
  await page.waitForFunction(() => document.body.dataset.ready);
  await page.evaluate(() => new Promise((resolve) => {
    const wait = () => (!window.traceTimeline || window.traceTimeline.latency !== undefined ? resolve() : setTimeout(wait, 5));
    wait();
  }));
}

const text = (page, selector) => page.locator(selector).innerText();
// As the page has it: Playwright hears of changes a little later.
const addressOf = (page) => page.evaluate(() => location.href);
const range = (page) => page.evaluate(() => window.traceTimeline.view);

// Press a row of the timeline at a time.
async function press(page, key, ns, modifiers = []) {
  const place = await page.evaluate(([row, at]) => {
    const timeline = window.traceTimeline;
    return { x: timeline.scale.x(at), y: timeline.yOf(row) };
  }, [key, ns]);
  await page.locator('canvas').click({ position: place, modifiers });
}

// What the panel says of it. It may have said something else before.
async function chosen(page, key, ns) {
  await page.evaluate(() => document.querySelector('#details > *')?.setAttribute('data-before', ''));
  await press(page, key, ns);
  await page.waitForSelector('#details:not([hidden]):not(:has([data-before]))');
  return text(page, '#details');
}

test('the start page says what was lost first, what it is of, and what is telling', () => view('#start', async (page) => {
  await page.waitForSelector('#findings a');
  const all = await text(page, 'main');
  assert.match(all, /^Lost: 3 events were dropped while recording/);
  for (const part of ['test_convoy', 'passed', '100 ms', 'perf_event'])
    assert.ok(all.includes(part), part);
  assert.equal(await page.locator('.facts [title]').getAttribute('title'), `/bin/${hostile}`);
  const findings = await page.locator('#findings li').allInnerTexts();
  assert.match(findings[0], /longest wait, 40 ms for mutex 0xabc0, was waiter-a \(502\)'s; it was held by holder \(501\)/, 'not the join of 70 ms');
  assert.match(findings[1], /No thread waited for a CPU: together they ran for 100 ms/);
  assert.match(findings[2], /mutex 0xabc0: 2 waits, 80 ms together/);
}));

test('every view that the start page names is there', () => view('#start', async (page) => {
  const links = await page.locator('.views a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  assert.deepEqual(links, ['#cpus', '#threads', '#analysis', '#locks', '#path', '#tasks', '#regions', '#log', '#profiles']);
  for (const link of links) {
    await page.evaluate((hash) => { delete document.body.dataset.ready; location.hash = hash; }, link);
    await ready(page);
    assert.equal(await page.locator('.problem:not(:empty)').count(), 0, link);
    assert.deepEqual(await page.locator('body').evaluate(leftOut), [], link);
  }
}));

test('by CPU: rows, and the numbers at a moment', () => view('#cpus', async (page) => {
  const titles = await page.evaluate(() => window.traceTimeline.specs.map((spec) => spec.title));
  assert.deepEqual(titles, ['Threads', 'Heap', 'Allocator', 'Network', 'System calls', 'CPU 0', 'CPU 1']);
  const at = await chosen(page, 'threads', 40 * MS);
  assert.match(at, /at 0\.04/);
  assert.match(at, /mutex\s+2 threads/);
  assert.match(at, /sleep\s+1 thread\n/);
  assert.match(at, /running\s+1 thread\n/);
  const who = await chosen(page, 'c0', 65 * MS);
  assert.match(who, /running: waiter-a \(502\)/);
  assert.match(await chosen(page, 'allocator', 69 * MS), /map[^]*bytes\s+4096/);
}));

test('by thread: a wait has its object, stacks, and who ended it', () => view('#threads', async (page) => {
  const details = await chosen(page, 't2', 30 * MS);
  assert.match(details, /mutex: waiter-a \(502\)/);
  assert.match(details, /start\s+0\.02/);
  assert.match(details, /wall duration\s+40 ms/);
  assert.match(details, /CPU time\s+0 ns/);
  assert.match(details, /object\s+mutex 0xabc0/);
  assert.match(details, /cache_lock/);
  assert.match(details, /woken by\s+holder \(501\)\s+cache_unlock/);
  await page.locator('#details a', { hasText: 'holder' }).first().click();
  await ready(page);
  await page.waitForFunction(() => document.querySelector('#details h2')?.innerText.includes('holder'));
}));

test('a region has its self time, without what is nested in it', () => view('#threads', async (page) => {
  const details = await chosen(page, 't2', 68 * MS);
  assert.match(details, /region parse/);
  assert.match(details, /wall duration\s+10 ms[^]*region parse[^]*wall duration\s+10 ms\s+self time\s+6 ms\s+CPU time\s+10 ms/);
}));

test('tasks and regions stand below the thread that they began in', () => view('#threads', async (page) => {
  await page.waitForFunction(() => window.traceTimeline.specs.some((spec) => spec.tasks?.length));
  const below = await page.evaluate(() => Object.fromEntries(window.traceTimeline.specs.filter((spec) => spec.thread).map((spec) => [spec.key, [spec.depth, spec.tasks.map((task) => [task.name, task.start, task.end, task.lane])]])));
  assert.deepEqual(below, { t0: [0, []], t1: [1, [['request', 15 * MS, 75 * MS, 0]]], t2: [2, []], t3: [0, []], t4: [0, []] });
}));

test('keys zoom, move, fit, choose, and the address holds the view', () => view('#threads', async (page) => {
  await page.locator('canvas').focus();
  const all = await range(page);
  assert.deepEqual([all.from, all.to], [0, 100 * MS]);
  await page.keyboard.press('w');
  const zoomed = await range(page);
  assert.ok(Math.abs((zoomed.to - zoomed.from) - 100 * MS / 1.5) < 2, 'w zooms in');
  await page.keyboard.press('d');
  const moved = await range(page);
  assert.ok(moved.from > zoomed.from && Math.abs((moved.to - moved.from) - (zoomed.to - zoomed.from)) < 2, 'd moves');
  await page.keyboard.press('a');
  await page.keyboard.press('s');
  const back = await range(page);
  assert.ok(Math.abs(back.to - back.from - 100 * MS) < 2, 's zooms out');
  await press(page, 't3', 50 * MS);
  await page.waitForSelector('#details:not([hidden])');
  await page.keyboard.press('f');
  const fit = await range(page);
  assert.ok(fit.from > 25 * MS && fit.from <= 30 * MS && fit.to >= 70 * MS && fit.to < 75 * MS, 'f fits');
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => document.querySelector('#details h2').innerText.startsWith('running'));
  const address = await addressOf(page);
  await visit(browser, address, async (other) => {
    await ready(other);
    await other.waitForSelector('#details:not([hidden])');
    assert.match(await text(other, '#details h2'), /running: waiter-b/);
    const again = await range(other);
    assert.ok(Math.abs(again.from - fit.from) < 2 && Math.abs(again.to - fit.to) < 2, 'a colleague sees the same');
  });
}));

test('the wheel zooms where the hand is, a drag moves', () => view('#threads', async (page) => {
  const place = await page.evaluate(() => ({ x: window.traceTimeline.scale.x(50e6), box: window.traceTimeline.canvas.getBoundingClientRect().toJSON() }));
  const x = place.box.left + place.x;
  const y = place.box.top + 80;
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, -500);
  await page.waitForFunction(() => window.traceTimeline.view.to < 99e6);
  const zoomed = await range(page);
  assert.ok(Math.abs((zoomed.from + zoomed.to) / 2 - 50 * MS) < 1 * MS, 'around the hand');
  await page.mouse.down();
  await page.mouse.move(x - 100, y, { steps: 4 });
  await page.mouse.up();
  const moved = await range(page);
  assert.ok(moved.from > zoomed.from, 'dragged to the left: later is seen');
}));

test('a range has its sums, and links to its profiles', () => view('#threads', async (page) => {
  const place = await page.evaluate(() => ({ from: window.traceTimeline.scale.x(20e6), to: window.traceTimeline.scale.x(60e6), box: window.traceTimeline.canvas.getBoundingClientRect().toJSON() }));
  await page.mouse.move(place.box.left + place.from, place.box.top + 8);
  await page.mouse.down();
  await page.mouse.move(place.box.left + place.to, place.box.top + 8, { steps: 5 });
  await page.mouse.up();
  await page.waitForSelector('#details:not([hidden])');
  const details = await text(page, '#details');
  // Pixels of the picture are some 0.1 ms.
  assert.match(details, /(39\.9|40|40\.0\d*|40\.1)\d* ms chosen/);
  assert.match(details, /mutex\s+(69\.\d+|70(\.\d+)?) ms/);
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => window.traceTimeline.range), null);
}));

test('a range by key, and by its address', () => view('#threads', async (page) => {
  await chosen(page, 't2', 30 * MS);
  await page.keyboard.press('r');
  await page.waitForFunction(() => document.querySelector('#details h2').innerText.endsWith('chosen'));
  const details = await text(page, '#details');
  assert.match(details, /40 ms chosen[^]*all threads/);
  assert.match(details, /mutex\s+70 ms/);
  await visit(browser, await addressOf(page), async (other) => {
    await ready(other);
    assert.equal(await text(other, '#details'), details, 'a colleague sees the same');
  });
  await page.keyboard.press('Escape');
  assert.ok(await page.locator('#details').isHidden());
  assert.equal(new URL(await addressOf(page)).hash.match(/sel|range/), null);
  await page.keyboard.press('r');
  await page.waitForSelector('#details:not([hidden])');
  assert.match(await text(page, '#details h2'), /100 ms chosen/, 'all that is seen');
}));

// That a CPU was idle is a 404, of which the console tells.
test('by CPU: every row by key, and the numbers of a moment', () => visit(browser, `${server.address}/#cpus`, async (page) => {
  await ready(page);
  await page.locator('canvas').focus();
  const row = () => page.evaluate(() => window.traceTimeline.selected?.key);
  const press = async (key, expected) => {
    await page.keyboard.press(key);
    await page.waitForFunction((text) => document.querySelector('#details h2')?.innerText.includes(text), expected);
  };
  await press('ArrowRight', 'at 0.000000');
  assert.equal(await row(), 'threads');
  await press('ArrowRight', 'at 0.00100');
  await press('ArrowLeft', 'at 0.000000');
  await press('ArrowDown', 'at 0.000000');
  assert.equal(await row(), 'heap');
  for (const key of ['allocator', 'network', 'calls', 'c0', 'c1']) {
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction((one) => window.traceTimeline.selected?.key === one, key);
  }
  assert.match(await text(page, '#details'), /CPU 1 was idle, or ran others/);
  await page.waitForFunction(() => window.traceTimeline.selected.item.start === 75e6);
  for (let ms = 76; ms < 80; ms++) {
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction((at) => window.traceTimeline.selected.item.start === at, ms * MS);
  }
  await press('ArrowRight', 'running: main');
}));

test('by CPU: an arrow from the CPU of who woke to that of who was woken', () => view('#cpus', async (page) => {
  await chosen(page, 'c1', 90 * MS);
  await page.keyboard.press('e');
  await page.waitForFunction(() => window.traceTimeline.arrows.length > 0);
  assert.deepEqual(await page.evaluate(() => window.traceTimeline.arrows), [{ from: 'c0', to: 'c1', at: 80 * MS, until: 80 * MS }]);
}));

test('arrows, filter, order, folding and the critical path', () => view('#threads', async (page) => {
  await chosen(page, 't2', 30 * MS);
  await page.keyboard.press('e');
  await page.waitForFunction(() => window.traceTimeline.arrows.length > 0);
  assert.deepEqual(await page.evaluate(() => window.traceTimeline.arrows), [{ from: 't1', to: 't2', at: 60 * MS, until: 60 * MS }]);
  await page.locator('.tools input[type=search]').fill('WAITER');
  await page.waitForFunction(() => window.traceTimeline.specs.filter((spec) => spec.thread).length === 2);
  await page.locator('.tools input[type=search]').fill('');
  await page.locator('.tools select').selectOption('running');
  await page.waitForFunction(() => window.traceTimeline.specs.find((spec) => spec.thread)?.key === 't1');
  await page.getByRole('button', { name: 'fold' }).click();
  await page.waitForFunction(() => window.traceTimeline.specs.every((spec) => spec.group !== undefined));
  await page.getByRole('button', { name: 'fold' }).click();
  await page.getByLabel('critical path').check();
  await page.waitForFunction(() => window.traceTimeline.chain.length === 5);
  assert.deepEqual(await page.evaluate(() => window.traceTimeline.chain.map((step) => step.key)), ['t0', 't1', 't2', 't3', 't0']);
}));

test('a group folds by key, and unfolds', () => view('#threads', async (page) => {
  const selected = (key) => page.waitForFunction((wanted) => window.traceTimeline.selected?.key === wanted, key);
  const threads = (count) => page.waitForFunction((wanted) => window.traceTimeline.specs.filter((spec) => spec.thread).length === wanted, count);
  await chosen(page, 't2', 30 * MS);
  const all = await page.evaluate(() => window.traceTimeline.specs.filter((spec) => spec.thread).length);
  await page.keyboard.press('Enter');
  await selected('gwork');
  await threads(all - 3);
  assert.match(await text(page, '#details'), /work\s+started 3 threads\. Enter, .* shows them/);
  assert.match(page.url(), /fold=work/);
  await page.keyboard.press('Enter');
  await threads(all);
  await page.keyboard.press('ArrowDown');
  await selected('t1');
  await page.keyboard.press('ArrowUp');
  await selected('gwork');
  assert.match(await text(page, '#details'), /folds them into one row/);
  // The address has it: a link leads there, and folds nothing.
  await page.reload();
  await ready(page);
  await selected('gwork');
  await threads(all);
}));

test('find a function, and the help', () => view('#threads', async (page) => {
  await page.keyboard.press('?');
  assert.match(await text(page, 'dialog'), /zoom in, out/);
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await page.keyboard.type('cache_unl');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.found');
  const found = await page.locator('.found li').allInnerTexts();
  assert.equal(found.length, 3);
  assert.ok(found.every((line) => line.includes('wake') && line.includes('cache_unlock')));
  await page.locator('.found a').first().click();
  await page.waitForFunction(() => location.hash.startsWith('#threads'));
}));

const cells = (page, selector) => page.locator(`${selector} tbody tr`).evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.innerText)));

test('thread analysis shows what the terminal prints, sorts, and leads to groups and threads', () => view('#analysis', async (page) => {
  const stat = said('trace-stat');
  const rows = await cells(page, '#groups');
  assert.deepEqual(rows.map((row) => row[0]), stat.groups.map((group) => group.started_with));
  assert.deepEqual(rows[0].slice(0, 5), ['work', '3', '70 ms', '70.0 %', '150 ms']);
  await page.getByRole('button', { name: 'count' }).click();
  await page.getByRole('button', { name: 'count' }).click();
  assert.equal((await cells(page, '#groups')).at(-1)[0], 'work');
  await page.getByRole('link', { name: 'work', exact: true }).click();
  await page.waitForSelector('#group');
  assert.match(await text(page, 'main'), /threads\s+3\s+execution\s+70 ms, 70\.0 % of all/);
  assert.deepEqual((await cells(page, '#group')).map((row) => row[1]), ['50 ms', '50 ms', '50 ms']);
  await page.getByRole('link', { name: 'waiter-b (503)' }).click();
  await page.waitForSelector('#partners');
  assert.match(await text(page, 'main'), /mutex\s+40 ms, 80\.0 %/);
  assert.deepEqual(await cells(page, '#partners'), [['waiter-a (502)', '1', '40 ms']]);
}));

test('thread analysis fits a narrow window, with waits below the bars', () => view('#analysis', async (page) => {
  const shown = (selector) => page.locator(selector).evaluateAll((parts) => parts.filter((part) => part.checkVisibility()).map((part) => part.innerText.trim()));
  const states = said('trace-stat').groups.flatMap((group) => Object.entries(group.ns)).filter(([, ns]) => ns > 0).map(([state]) => state);
  const waits = [...new Set(states)].filter((state) => !['running', 'syscall', 'runnable'].includes(state));
  assert.deepEqual([...waits].sort(), ['join', 'mutex', 'sleep']);
  for (const state of waits) assert.ok((await shown('th')).includes(state), `a column for ${state}`);
  await page.setViewportSize({ width: 1024, height: 700 });
  const narrow = await shown('th');
  assert.deepEqual(narrow.filter((title) => waits.includes(title)), []);
  assert.ok(narrow.includes('waiting'), narrow);
  assert.match((await shown('.parts.coarse')).join(' '), /mutex\s+80 ms/);
  assert.ok(await page.evaluate(() => document.querySelector('main').scrollWidth <= document.querySelector('main').clientWidth));
}));

test('locks: waits, total, longest, who waited and who held', () => view('#locks', async (page) => {
  const locks = said('trace-locks');
  const rows = await cells(page, '#locks');
  assert.deepEqual(rows.map((row) => row[0]), locks.locks.map((lock) => `${lock.kind} ${lock.address}`));
  assert.deepEqual(rows[0].slice(0, 3), ['mutex 0xabc0', '2', '80 ms']);
  assert.match(rows[0][3], /40 ms of waiter-a/);
  const detail = await text(page, '#lock');
  assert.match(detail, /who held it, where it was unlocked[^]*cache_lock[^]*cache_unlock/);
  assert.doesNotMatch(detail, /threads of \w+(where|no)/);
}));

test('critical path: its length, functions and steps', () => view('#path', async (page) => {
  assert.match(await text(page, 'main'), /it took 100 ms, from its end in main \(500\)/);
  assert.deepEqual((await cells(page, '#path-functions')).map((row) => row.slice(1, 3)), [['70 ms', '70.0 %'], ['30 ms', '30.0 %']]);
  assert.deepEqual((await cells(page, '#path-steps')).map((row) => [row[1], row[2]]),
    [['10 ms', 'main (500)'], ['50 ms', 'holder (501)'], ['10 ms', 'waiter-a (502)'], ['10 ms', 'waiter-b (503)'], ['20 ms', 'main (500)']]);
}));

test('tasks, regions and log', () => view('#tasks', async (page) => {
  const rows = await cells(page, '#tasks');
  assert.deepEqual(rows[0].slice(0, 4), ['request', '1', '60 ms', '60 ms']);
  await page.locator('#tasks a').first().click();
  await page.waitForSelector('#task');
  assert.deepEqual((await cells(page, '#task')).map((row) => row[3]), ['task request', `cache: ${hostile}`, 'region parse', 'region inner', 'task-end']);
  await page.evaluate(() => { location.hash = '#regions'; });
  await page.waitForSelector('#regions');
  assert.deepEqual((await cells(page, '#regions')).map((row) => row.slice(0, 2)), [['parse', '1'], ['inner', '1']]);
  await page.evaluate(() => { location.hash = '#log'; });
  await page.waitForSelector('#log');
  assert.equal((await cells(page, '#log'))[0][3], `cache: ${hostile}`);
}));

test('profiles: pictures in the page, and a file that is pprof\'s', () => view('#profiles?of=sync', async (page) => {
  const frame = page.frameLocator('iframe.picture');
  await frame.locator('svg text', { hasText: 'cache_lock' }).first().waitFor();
  const href = await page.locator('#download').getAttribute('href');
  const answer = await fetch(server.address + href);
  assert.match(answer.headers.get('content-disposition'), /test_convoy\.sync\.pb\.gz/);
  assert.ok(gunzipSync(Buffer.from(await answer.arrayBuffer())).includes('cache_lock'));
  const perfetto = await fetch(server.address + await page.locator('#perfetto').getAttribute('href'));
  assert.match(perfetto.headers.get('content-disposition'), /test_convoy\.pftrace/);
  assert.deepEqual(Buffer.from(await perfetto.arrayBuffer()), exported('test_convoy'));
  await page.getByRole('link', { name: 'call graph' }).click();
  await page.waitForFunction(() => document.querySelector('iframe.picture').title === 'graph of sync');
  await page.frameLocator('iframe.picture').locator('svg text', { hasText: 'cache_lock' }).first().waitFor();
}));

test('a profile with nothing in it says so', () => visit(browser, `${server.address}/#profiles?of=net`, async (page) => {
  await page.frameLocator('iframe.picture').locator('svg text', { hasText: 'Nothing to show: no thread spent time in this.' }).waitFor();
}));

// The height of a line of text tells a cell that was broken into two.
test('figures are not broken into lines', () => view('#analysis', async (page) => {
  const heights = await page.locator('#groups td.number').evaluateAll((all) => all.filter((cell) => cell.textContent && cell.checkVisibility()).map((cell) => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    return range.getClientRects().length;
  }));
  assert.ok(heights.length > 10 && heights.every((count) => count === 1), `${heights}`);
}, { viewport: { width: 700, height: 600 } }));

test('the legend has what is in the picture', () => view('#threads', async (page) => {
  const names = () => page.locator('.legend span').allInnerTexts();
  assert.deepEqual(await names(), ['running', 'mutex', 'join', 'sleep']);
  await page.evaluate(() => { delete document.body.dataset.ready; location.hash = '#cpus'; });
  await ready(page);
  assert.deepEqual(await names(), ['running', 'syscall', 'runnable', 'sleep', 'network', 'file', 'blocked', 'On CPUs each thread has a colour of its own.']);
}));

test('dark, and narrow', () => view('#threads', async (page) => {
  const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(background, 'rgb(22, 24, 27)');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(wide <= 0, `${wide} pixels beyond the window`);
}, { colorScheme: 'dark', viewport: { width: 1024, height: 700 } }));

// ---- Safety

function ask(headers, place = '/api/1/info', method = 'GET') {
  const { port } = new URL(server.address);
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, path: place, method, headers, setHost: false }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode, body, headers: response.headers }));
    });
    request.on('error', reject);
    request.end();
  });
}

test('foreign names and foreign pages get nothing', async () => {
  const { port } = new URL(server.address);
  assert.equal((await ask({ Host: `localhost:${port}` })).status, 200);
  assert.equal((await ask({ Host: `127.0.0.1:${port}` })).status, 200);
  for (const host of [`evil.example:${port}`, 'localhost:1', `localhost.evil.example:${port}`, '', `[::1:${port}`])
    assert.equal((await ask({ Host: host })).status, 403, host);
  assert.equal((await ask({ Host: `localhost:${port}`, Origin: `http://localhost:${port}` })).status, 200);
  for (const origin of ['http://evil.example', 'null', `https://localhost:${port}`, 'http://localhost:1'])
    assert.equal((await ask({ Host: `localhost:${port}`, Origin: origin })).status, 403, origin);
  assert.equal((await ask({ Host: `localhost:${port}` }, '/', 'POST')).status, 405);
  const page = await ask({ Host: `localhost:${port}` }, '/');
  assert.match(page.headers['content-security-policy'], /default-src 'none'/);
  assert.equal(page.headers['x-content-type-options'], 'nosniff');
});

test('no file can be asked for, and no question breaks it', async () => {
  const { port } = new URL(server.address);
  const places = ['/../../../etc/passwd', '/etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/api/1/', '/api/2/info', '/show.css/', '//'];
  for (const place of places)
    assert.equal((await ask({ Host: `localhost:${port}` }, place)).status, 404, place);
  const values = ['', '-1', '1e9', '99999999999999999999999', '0', '5', 'x', '%00', '%ff', 'a'.repeat(3000), '<script>'];
  const names = ['from', 'to', 'width', 'rows', 'thread', 'cpu', 'at', 'types', 'limit', 'shortest', 'q', 'task', 'of', 'group', 'picture', 'first', 'count'];
  for (const question of ['info', 'threads', 'rows', 'item', 'events', 'sums', 'find', 'stat', 'locks', 'path', 'regions', 'tasks', 'task', 'log', 'profile'])
    for (const name of names)
      for (const value of values) {
        const { status } = await ask({ Host: `localhost:${port}` }, `/api/1/${question}?${name}=${value}`);
        assert.ok([200, 400, 404].includes(status), `${question} ${name}=${value}: ${status}`);
      }
  assert.equal((await ask({ Host: `localhost:${port}` })).status, 200, 'it still answers');
});

test('a trace that was cut off opens, and says what is missing', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pprof-show-'));
  try {
    const file = path.join(folder, 'test_cut.trace');
    copyFileSync(path.join(profiles, 'test_convoy.trace'), file);
    truncateSync(file, statSync(file).size - 100);
    const cut = await serveTrace('test_cut', { out: folder });
    assert.match(cut.said(), /its last 100 bytes are missing/);
    await visit(browser, `${cut.address}/#start`, async (page) => {
      await ready(page);
      assert.match(await text(page, '#lost'), /the file's last 100 B are missing/);
    });
    await cut.stop();
    writeFileSync(path.join(folder, 'test_other.trace'), readFileSync('/proc/self/exe').subarray(0, 5000));
    const other = run(['trace-show', '--func=test_other', `--out=${folder}`, '--port=0']);
    assert.equal((await other.exited).status, 1);
    assert.match(other.said(), /test_other\.trace: not a trace/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a missing file, a port in use, an address that others reach', async () => {
  const missing = run(['trace-show', '--func=test_nowhere', `--out=${profiles}`, '--port=0']);
  assert.equal((await missing.exited).status, 1);
  assert.match(missing.said(), /test_nowhere\.trace is not there; `make pprof\.trace Func=test_nowhere`/);
  const { port } = new URL(server.address);
  const busy = run(['trace-show', '--func=test_convoy', `--out=${profiles}`, `--port=${port}`]);
  assert.equal((await busy.exited).status, 1);
  assert.match(busy.said(), new RegExp(`port ${port} of localhost is in use`));
  const open = await serveTrace('test_convoy', { host: '0.0.0.0' });
  assert.match(open.said(), /others can reach 0\.0\.0\.0/);
  await open.stop();
});

test('Ctrl-C ends it', async () => {
  const one = await serveTrace('test_convoy');
  assert.deepEqual(await one.stop(), { status: 0, signal: null });
});
