// SPDX-License-Identifier: MIT
// `pprofmk report`: its page opens from disk, shows figures known by arithmetic, and takes names that are none for text.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { launch, visit } from './browser.mjs';
import { addManyTests, addTest, cpuTypes } from './artifact.mjs';
import { encodeProfile } from './profile.mjs';
import { limits, profiles, run } from './server.mjs';

const memTypes = [
  ['alloc_objects', 'count'], ['alloc_space', 'bytes'], ['inuse_objects', 'count'], ['inuse_space', 'bytes'],
  ['peak_objects', 'count'], ['peak_space', 'bytes'],
];

let browser, folder;
before(async () => {
  browser = await launch();
  folder = await mkdtemp(path.join(tmpdir(), 'pprofmk-report-'));
});
after(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

const passed = (kind, totals = {}, more = {}) => ({ kind, outcome: 'passed', ended: 'passed', runs: 1, wall_ns: 5e6, cpu_ns: 3e6, totals, ...more });
const failed = { kinds: [{ kind: 'cpu', outcome: 'failed', ended: 'failed', runs: 1, wall_ns: 9e6, cpu_ns: 1e6 }] };

// Resolves to the page's address.
async function report(out, options = [], env = {}) {
  const { exited, said } = run(['report', `--out=${out}`, ...options], env);
  assert.deepEqual(await exited, { status: 0, signal: null }, said());
  return pathToFileURL(path.join(out, 'index.html')).href;
}

const ms = (count) => count * 1000000;
const shares = [
  [['main', 'b'], [30, ms(30)]],
  [['main', 'a'], [60, ms(60)]],
  [['main', 'c', 'c'], [10, ms(10)]],
];

const names = [
  '<script>window.hurt=1</script>', '</script><script>window.hurt=2</script>', '<!--<script>', '"\' onload="window.hurt=3" x="',
  '&lt;b&gt; &amp;', '${window.hurt=4}', '__proto__', 'javascript:window.hurt=5', 'a</style>b', '`|*_[x](y)',
];

const rows = (page) => page.locator('main tbody tr');
const cells = (page, column) => page.locator(`main tbody tr td:nth-child(${column})`).allTextContents();
const boxes = (page) =>
  page.evaluate(() => [...document.querySelectorAll('.boxes > g')].filter((box) => box.style.display !== 'none').map((box) => ({
    name: box.querySelector('title').textContent.split('\n')[0], lines: box.querySelector('title').textContent.split('\n'),
    width: Number(box.querySelector('rect').getAttribute('width')),
  })));

describe('a report', () => {
  let address;
  before(async () => {
    const out = path.join(folder, 'plain');
    await mkdir(out);
    await addTest(out, 'test_shares', {
      cpu: encodeProfile(shares, { types: cpuTypes }),
      // 3 blocks of 100 bytes and 1 of 700; the latter is still there at the end.
      mem: encodeProfile([[['main', 'small'], [3, 300, 0, 0, 1, 100]], [['main', 'large'], [1, 700, 1, 700, 1, 700]]], { types: memTypes }),
    }, {
      kinds: [passed('cpu'), passed('mem', { mem: { alloc_objects: 4, alloc_space: 1000, peak_space: 800 } },
        { leaks: [{ blocks: 1, bytes: 700, frames: [{ function: 'large', file: '/s/x.c', line: 9 }] }] })],
    });
    await addTest(out, 'test_broken', {}, { ...failed, package: 'other' });
    await addTest(out, 'test_quick', { cpu: encodeProfile([], { types: cpuTypes }) });
    await addTest(out, 'bench_sort', {}, {
      kinds: [passed('time')],
      bench: {
        notes: ['a note'],
        results: [1, 2, 3].flatMap((run) => [['10', 100], ['100', 1000]].map(([size, ns]) => ({
          name: `BenchmarkSort/size=${size}-2`, run, cpus: 2, iterations: 5, threads: 1, ns_op: ns + run, bytes_op: 64, allocs_op: 2,
          metrics: { 'items/s': 7 }, batches_ns_op: [ns - 10, ns, ns + 10],
        }))),
      },
    });
    address = await report(out);
  });

  it('opens from disk and needs nothing else', limits, () => {
    const asked = [];
    return visit(browser, 'about:blank', async (page) => {
      const said = [];
      page.on('request', (request) => asked.push(request.url()));
      page.on('console', (message) => said.push(message.text()));
      await page.goto(address);
      await page.goto(`${address}#test=3&view=graph`);
      await page.locator('.node').first().waitFor();
      assert.deepEqual([...new Set(asked.map((url) => url.replace(/#.*/, '')))], [address]);
      assert.deepEqual(said, []);
      assert.equal(await page.locator('link, img, iframe, [src], [style]').count(), 0);
    });
  });

  it('runs no script but its own', limits, () =>
    visit(browser, address, async (page) => {
      const refused = await page.evaluate(() => new Promise((resolve) => {
        addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective));
        document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.hurt = 1' }));
      }));
      assert.equal(refused, 'script-src-elem');
      assert.equal(await page.evaluate(() => window.hurt), undefined);
    }),
  );

  it('has a table of all tests, sorted and filtered', limits, () =>
    visit(browser, address, async (page) => {
      assert.deepEqual(await cells(page, 2), ['test_broken', 'bench_sort', 'test_quick', 'test_shares'], 'what fails first');
      const row = await page.locator('main tbody tr', { hasText: 'test_shares' }).locator('td').allTextContents();
      // verdict, test, package, time, CPU, allocations, allocated, peak, leaked, waiting
      assert.deepEqual(row, ['passed', 'test_shares', 'lib', '5ms', '3ms', '4', '1000B', '800B', '700B', '']);
      await page.getByRole('button', { name: 'time', exact: true }).click();
      assert.deepEqual((await cells(page, 2)).slice(0, 2), ['test_shares', 'test_quick']);
      assert.equal(await page.locator('th[aria-sort=descending]').textContent(), 'time');
      await page.getByRole('button', { name: 'verdict' }).click();
      assert.equal((await cells(page, 2))[0], 'test_broken');
      await page.getByRole('button', { name: 'failed 1' }).click();
      assert.deepEqual(await cells(page, 2), ['test_broken']);
      await page.getByRole('button', { name: 'all 4' }).click();
      await page.getByRole('searchbox').fill('OTHER');
      assert.deepEqual(await cells(page, 2), ['test_broken']);
      assert.equal(await page.locator('form output').textContent(), '1 of 4');
      await page.getByRole('searchbox').fill('');
      await page.getByRole('button', { name: 'leaking 1' }).click();
      await page.getByRole('link', { name: 'test_shares' }).click();
      assert.match(await page.locator('main ul').textContent(), /700B in 1 block: large x.c:9/);
    }),
  );

  it('has a flame graph of every profile, by any sample type', limits, () =>
    visit(browser, `${address}#test=3`, async (page) => {
      await page.locator('.boxes').waitFor();
      const drawn = await boxes(page);
      const whole = drawn[0].width;
      assert.deepEqual(drawn.map(({ name }) => name), ['all', 'main', 'a', 'b', 'c', 'c']);
      const box = (name) => drawn.find((one) => one.name === name);
      assert.ok(Math.abs(box('b').width - 0.3 * whole) < 1, `b: ${box('b').width} of ${whole}`);
      assert.deepEqual(box('a').lines, ['a', 'x.c:7', '60ms, 60.00%; itself 60ms, 60.00%']);
      await page.getByRole('link', { name: 'mem', exact: true }).click();
      const titles = async (type) => {
        await page.getByRole('link', { name: type, exact: true }).click();
        await page.locator('.details', { hasText: type }).or(page.locator('.picture .note', { hasText: type })).waitFor();
        return (await boxes(page)).map(({ lines }) => `${lines[0]} ${lines.at(-1)}`);
      };
      assert.deepEqual(await titles('alloc_space'), [
        'all 1000B, 100.00%', 'main 1000B, 100.00%', 'large 700B, 70.00%; itself 700B, 70.00%', 'small 300B, 30.00%; itself 300B, 30.00%']);
      assert.deepEqual(await titles('alloc_objects'), [
        'all 4, 100.00%', 'main 4, 100.00%', 'small 3, 75.00%; itself 3, 75.00%', 'large 1, 25.00%; itself 1, 25.00%']);
      assert.deepEqual(await titles('inuse_space'), ['all 700B, 100.00%', 'main 700B, 100.00%', 'large 700B, 100.00%; itself 700B, 100.00%']);
    }),
  );

  it('zooms, searches and turns over as the pictures do', limits, () =>
    visit(browser, `${address}#test=3`, async (page) => {
      await page.locator('.boxes').waitFor();
      const [{ width: whole }] = await boxes(page);
      await page.locator('.boxes > g').filter({ has: page.locator('title', { hasText: /^b\n/ }) }).click();
      assert.ok(Math.abs((await boxes(page)).find(({ name }) => name === 'b').width - whole) < 1);
      await page.locator('button[name=reset]').click();
      await page.locator('.picture input').fill('^[BC]$');
      assert.equal(await page.locator('.picture .status').textContent(), 'matched: 40.00%');
      const top = () => page.locator('.boxes > g rect').first().getAttribute('y').then(Number);
      const before = await top();
      await page.locator('button[name=invert]').click();
      assert.ok((await top()) > before);
    }),
  );

  it('has call graphs', limits, () =>
    visit(browser, `${address}#test=3`, async (page) => {
      await page.getByRole('link', { name: 'call graph' }).click();
      await page.locator('.node').first().waitFor();
      const titles = await page.locator('.node title').allTextContents();
      assert.deepEqual(titles.map((title) => title.split('\n')[0]).sort(), ['a', 'b', 'c', 'main']);
      await page.locator('.picture input').fill('^a$');
      assert.equal(await page.locator('.picture .status').textContent(), 'matched: 1');
      await page.goBack();
      await page.locator('.boxes').waitFor();
    }),
  );

  it('says where there is nothing to see', limits, () =>
    visit(browser, `${address}#test=2`, async (page) => {
      await page.locator('.picture .note').waitFor();
      assert.equal(await page.locator('.picture').textContent(), 'Nothing to show: no cpu.');
      await page.goto(`${address}#test=1`);
      assert.equal(await page.locator('main p.note').textContent(), 'No profiles.');
      await page.goto(`${address}#test=17`);
      assert.equal(await page.locator('main').textContent(), 'There is no such test.');
    }),
  );

  it('has tables and charts of benchmarks', limits, () =>
    visit(browser, `${address}#page=benchmarks`, async (page) => {
      const row = await rows(page).first().locator('td').allTextContents();
      // name, runs, ns/op, spread, B/op, allocs/op, items/s
      assert.deepEqual(row, ['BenchmarkSort/size=10-2', '3', '102', '10.0%', '64', '2', '7']);
      const bars = await page.locator('.chart .middle').evaluateAll((bars) => bars.map((bar) => Number(bar.getAttribute('width'))));
      assert.equal(bars.length, 2);
      assert.ok(Math.abs(bars[1] / bars[0] - 1002 / 102) < 0.01, `${bars}`);
      await page.goto(`${address}#test=0`);
      assert.match(await page.locator('.notes').textContent(), /a note/);
    }),
  );

  it('breaks a name behind its words only', limits, () =>
    visit(browser, address, async (page) => {
      const link = page.locator('main tbody a', { hasText: 'test_broken' });
      assert.equal(await link.evaluate((node) => node.innerHTML), 'test_<wbr>broken');
      assert.equal(await link.evaluate((node) => getComputedStyle(node.closest('td')).overflowWrap), 'break-word');
    }));

  it('can be read in the dark', limits, async () => {
    const backs = [];
    for (const colorScheme of ['light', 'dark'])
      await visit(browser, address, async (page) => {
        backs.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
      }, { colorScheme });
    assert.deepEqual(backs, ['rgb(255, 255, 255)', 'rgb(22, 24, 28)']);
  });
});

describe('a report of a trace', () => {
  it('says what each thread did', limits, async () => {
    const out = path.join(folder, 'traced');
    await mkdir(out);
    // known_trace.c says what is in it.
    await copyFile(path.join(profiles, 'test_convoy.trace'), path.join(out, 'test_convoy.trace'));
    await addTest(out, 'test_convoy', {}, { files: { trace: 'test_convoy.trace' } });
    const address = await report(out);
    await visit(browser, `${address}#page=traces`, async (page) => {
      const heads = (await page.locator('main th').allTextContents()).map((head) => head.trim());
      const threads = await rows(page).evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));
      const of = (thread, column) => threads.find(([name]) => name.startsWith(`${thread} (`))[heads.indexOf(column)];
      assert.deepEqual([of('waiter-a', 'total'), of('waiter-a', 'waiting'), of('waiter-a', 'running')], ['50ms', '40ms', '10ms']);
      assert.match(of('waiter-a', 'states'), /\bmutex 40ms/);
      assert.deepEqual([of('main', 'total'), of('main', 'waiting')], ['100ms', '70ms']);
      assert.match(of('main', 'states'), /\bjoin 70ms/);
      assert.match(of('<b onclick=alert(1)>hostile</b>', 'states'), /\bsleep 60ms/);
      const bar = page.locator('main tbody tr', { hasText: 'waiter-a' }).locator('.threads.bar rect');
      const widths = await bar.evaluateAll((parts) => parts.map((part) => Number(part.getAttribute('width'))).toSorted((a, b) => b - a));
      assert.ok(Math.abs(widths[0] / widths[1] - 4) < 0.01, `${widths}`);
      // In the trace viewer's colours.
      const fills = await bar.evaluateAll((parts) => parts.filter((part) => Number(part.getAttribute('width')) > 0)
        .map((part) => [part.textContent.split(' ')[0], getComputedStyle(part).fill]));
      const property = (name) => page.evaluate((of) => getComputedStyle(document.documentElement).getPropertyValue(of).trim(), name);
      assert.equal(fills.length, 2);
      for (const [state, fill] of fills) {
        const parts = /^#(..)(..)(..)$/.exec(await property(`--state-${state}`)).slice(1).map((hex) => parseInt(hex, 16));
        assert.equal(fill, `rgb(${parts.join(', ')})`, state);
      }
      await page.setViewportSize({ width: 1024, height: 800 });
      const beyond = await page.evaluate(() => [document.documentElement, ...document.querySelectorAll('.wide')].map((part) => part.scrollWidth - part.clientWidth));
      assert.deepEqual(beyond.filter((px) => px > 0), [], 'nothing scrolls sideways at 1024 pixels');
    });
  });
});

describe('a report of a hostile folder', () => {
  it('takes names for text, in each of its files', limits, async () => {
    const out = path.join(folder, 'hostile');
    const base = path.join(folder, 'hostile-base');
    await mkdir(out);
    await mkdir(base);
    const samples = names.map((name) => [[name, { name: 'leaf', file: name }], [1, 1]]);
    for (const name of names) {
      const members = {
        package: name, program: `/p/${name}`, group: name,
        kinds: [passed('mem', { mem: { alloc_objects: 2 } }, { leaks: [{ blocks: 1, bytes: 1, frames: [{ function: name, file: name, line: 1 }] }] }),
          { kind: name, outcome: name, ended: name, message: name, runs: 1 }],
        bench: { notes: [name], results: [{ name, problem: name, metrics: { [name]: 1 }, batches_ns_op: [1] }, { name, ns_op: 1, metrics: { [name]: 1 } }] },
      };
      await addTest(out, name, { cpu: encodeProfile(samples, { types: cpuTypes }) }, members);
      await addTest(base, name, {}, { ...members, kinds: [passed('mem', { mem: { alloc_objects: 1 } })], bench: undefined });
    }
    const address = await report(out, [`--base=${base}`]);
    await visit(browser, address, async (page) => {
      assert.deepEqual((await cells(page, 2)).sort(), [...names].sort());
      for (const place of ['page=changes', 'page=benchmarks', 'page=problems', ...names.flatMap((_, test) => [`test=${test}`, `test=${test}&view=graph`])]) {
        await page.goto(`${address}#${place}`);
        if (place.startsWith('test')) await page.locator('.boxes, .node').first().waitFor();
        assert.equal(await page.evaluate(() => window.hurt), undefined, place);
      }
      const titles = await page.locator('.node title').allTextContents();
      for (const name of names) assert.ok(titles.some((title) => title.split('\n')[0] === name), name);
      const verdicts = await page.evaluate((text) => {
        const xml = new DOMParser().parseFromString(text, 'application/xml');
        return { broken: xml.querySelectorAll('parsererror').length, names: [...xml.querySelectorAll('testcase')].map((one) => one.getAttribute('name')) };
      }, await readFile(path.join(out, 'junit.xml'), 'utf8'));
      assert.equal(verdicts.broken, 0);
      assert.deepEqual(verdicts.names.sort(), [...names].sort());
    });
  });
});

describe('a report of 200 tests', () => {
  it('is less than 10 MB, and has what there was room for', limits, async () => {
    const out = path.join(folder, 'large');
    await mkdir(out);
    await addManyTests(out, 200);
    // Without call graphs, which have a limit of their own: laying out 200 takes five seconds.
    const address = await report(out, [], { PATH: out });
    const { size } = await stat(path.join(out, 'index.html'));
    assert.ok(size < 6.5e6, `${size} bytes, and call graphs may have 3.5 MB`);
    await visit(browser, `${address}#test=199`, async (page) => {
      await page.locator('.boxes').waitFor();
      assert.ok((await boxes(page)).length > 200);
      await page.goto(`${address}#page=tests`);
      assert.equal(await rows(page).count(), 200);
      await page.goto(`${address}#page=problems`);
      assert.match(await page.locator('main').textContent(), /No call graphs: there was no graphviz/);
    });
  });
});
