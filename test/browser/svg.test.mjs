// SPDX-License-Identifier: MIT
// `pprofmk svg` and `pprofmk flame-diff`: figures by arithmetic, what a reader can do in the picture, and names that are none.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { launch, visit } from './browser.mjs';
import { encodeProfile } from './profile.mjs';
import { limits, run } from './server.mjs';

// Of the root, in the file: 1200 but for the margins; and where scripts run, in the window of visit().
const FILE_WIDTH = 1180;
const WIDTH = 1380;

let browser, folder;
before(async () => {
  browser = await launch();
  folder = await mkdtemp(path.join(tmpdir(), 'pprofmk-svg-'));
});
after(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

// Draw a profile of these samples. Resolves to the flame graph's address.
async function draw(func, samples, ...options) {
  await writeFile(path.join(folder, `${func}.cpu.pb.gz`), encodeProfile(samples));
  const { exited, said } = run(['svg', `--func=${func}`, '--kind=cpu', `--out=${folder}`, ...options]);
  assert.deepEqual(await exited, { status: 0, signal: null }, said());
  return pathToFileURL(path.join(folder, `${func}.cpu.flame.svg`)).href;
}

const graphOf = (address) => address.replace(/flame\.svg$/, 'graph.svg');

// Boxes that are to be seen, by the first line of their title.
function boxesOf(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('.boxes > g')]
      .filter((box) => box.style.display !== 'none')
      .map((box) => {
        const [x, y, width] = ['x', 'y', 'width'].map((name) => Number(box.querySelector('rect').getAttribute(name)));
        const lines = box.querySelector('title').textContent.split('\n');
        return { name: lines[0], lines, x, y, width, text: box.querySelector('text')?.textContent ?? '' };
      }),
  );
}

async function boxNamed(page, name) {
  const found = (await boxesOf(page)).filter((box) => box.name === name);
  assert.equal(found.length, 1, `boxes of ${name}`);
  return found[0];
}

const box = (page, name) => page.locator('.boxes > g').filter({ has: page.locator('title', { hasText: name }) }).first();
const near = (actual, expected, what) => assert.ok(Math.abs(actual - expected) <= 0.6, `${what}: ${actual}, not ${expected}`);

// 60, 30 and 10 % of 100 ms; c calls itself.
const ms = (count) => count * 1000000;
const shares = [
  [['main', 'b'], ms(30)],
  [['main', 'a'], ms(60)],
  [['main', 'c', 'c'], ms(10)],
];

const names = [
  '<script>window.hurt=1</script>', '</title></text></svg><script>window.hurt=2</script>', ']]><script>window.hurt=3</script>',
  '"\' onload="window.hurt=4" x="', '&lt;b&gt; &amp; &#x41;', '<!--', '<![CDATA[', '${window.hurt=5}', '__proto__', 'a</style>b',
];

describe('a flame graph', () => {
  let address;
  before(async () => {
    address = await draw('shares', shares);
  });

  it('has boxes as wide as their shares, without script too', limits, async () => {
    for (const javaScriptEnabled of [true, false]) {
      const context = { javaScriptEnabled };
      const width = javaScriptEnabled ? WIDTH : FILE_WIDTH;
      await visit(browser, address, async (page) => {
        const boxes = await boxesOf(page);
        const [all, main, a, b, c, inner] = boxes;
        assert.deepEqual(boxes.map(({ name }) => name), ['all', 'main', 'a', 'b', 'c', 'c']);
        for (const [drawn, share] of [[all, 1], [main, 1], [a, 0.6], [b, 0.3], [c, 0.1], [inner, 0.1]])
          near(drawn.width, share * width, `width of ${drawn.name}`);
        near(b.x - a.x, 0.6 * width, 'where b begins');
        assert.ok(all.y < main.y && main.y < a.y && a.y === b.y && c.y < inner.y);
        assert.deepEqual(a.lines, ['a', 'x.c:7', '60ms, 60.00%; itself 60ms, 60.00%']);
        assert.equal(a.text, 'a');
        assert.equal(inner.x, c.x);
      }, context);
    }
  });

  it('follows the window, and the names with it', limits, async () => {
    const address = await draw('narrow', [[['main', 'a_long_name_of_a_function'], ms(75)], [['main', 'b'], ms(25)]]);
    await visit(browser, address, async (page) => {
      const beyond = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      const cut = async () => (await boxNamed(page, 'a_long_name_of_a_function')).text;
      assert.equal(await cut(), 'a_long_name_of_a_function');
      await box(page, 'b').click();
      for (const width of [500, 1600, 300]) {
        await page.setViewportSize({ width, height: 600 });
        await page.waitForFunction((whole) => document.documentElement.getAttribute('width') === String(whole), Math.max(width, 400));
        // Below 400 pixels it is scaled down.
        near((await boxNamed(page, 'b')).width, Math.max(width, 400) - 20, `b, zoomed to, at ${width}`);
        assert.ok((await beyond()) <= 0, `it scrolls sideways at ${width}`);
      }
      await page.keyboard.press('Escape');
      await page.locator('button[name=reset]').click();
      near((await boxNamed(page, 'b')).width, 0.25 * 380, 'b after Reset');
      const { text, width } = await boxNamed(page, 'a_long_name_of_a_function');
      assert.ok(text.length * 7.3 <= width, `${text} in ${width}`);
      await page.setViewportSize({ width: 220, height: 600 });
      assert.ok((await beyond()) <= 0, 'it scrolls sideways at 220');
    });
    await visit(browser, address, async (page) => {
      await page.setViewportSize({ width: 700, height: 600 });
      assert.ok((await page.evaluate(() => document.documentElement.getBoundingClientRect().width)) <= 700);
    }, { javaScriptEnabled: false });
  });

  it('zooms by click and by key, and back', limits, () =>
    visit(browser, address, async (page) => {
      await box(page, 'b').click();
      near((await boxNamed(page, 'b')).width, WIDTH, 'b when clicked');
      near((await boxNamed(page, 'main')).width, WIDTH, 'main above it');
      assert.deepEqual((await boxesOf(page)).map(({ name }) => name), ['all', 'main', 'b']);
      await page.locator('button[name=reset]').click();
      near((await boxNamed(page, 'b')).width, 0.3 * WIDTH, 'b after Reset');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
      near((await boxNamed(page, 'b')).width, WIDTH, 'b when entered');
      assert.match(await page.locator('.details').textContent(), /^b\s· x.c:7\s· 30ms, 30.00%/);
      await page.keyboard.press('Escape');
      near((await boxNamed(page, 'b')).width, 0.3 * WIDTH, 'b after Escape');
    }),
  );

  it('says how much a search matches, each stack once', limits, () =>
    visit(browser, address, async (page) => {
      await page.keyboard.press('/');
      await page.keyboard.type('^[BC]$');
      assert.equal(await page.locator('.status').textContent(), 'matched: 40.00%');
      assert.equal(await page.locator('.boxes .match').count(), 3);
      await page.locator('input').fill('b(');
      assert.equal(await page.locator('.status').textContent(), 'matched: 0.00%');
      await page.keyboard.press('Escape');
      assert.equal(await page.locator('.boxes .match').count(), 0);
      assert.equal(await page.locator('.status').textContent(), '');
    }),
  );

  it('can be turned over', limits, () =>
    visit(browser, address, async (page) => {
      const upright = await boxesOf(page);
      await page.locator('button[name=invert]').click();
      const turned = await boxesOf(page);
      const last = Math.max(...upright.map(({ y }) => y));
      const first = Math.min(...upright.map(({ y }) => y));
      assert.deepEqual(turned.map(({ y }) => y), upright.map(({ y }) => first + last - y));
      assert.deepEqual(turned.map(({ width }) => width), upright.map(({ width }) => width));
    }),
  );

  it('needs nothing from elsewhere', limits, async () => {
    const requests = [];
    const context = await browser.newContext();
    const page = await context.newPage();
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(address);
    await box(page, 'a').hover();
    assert.deepEqual(requests, [address]);
    await context.close();
  });

  it('is readable in light and dark', limits, async () => {
    for (const colorScheme of ['light', 'dark']) {
      await visit(browser, address, async (page) => {
        const contrast = await page.evaluate(() => {
          const light = (colour) => {
            const [r, g, b] = colour.match(/\d+/g).map((part) => {
              const value = part / 255;
              return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
            });
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const fill = (element) => light(getComputedStyle(element).fill);
          const text = fill(document.querySelector('.boxes text'));
          const rect = document.querySelector('.boxes rect');
          const names = [...document.querySelector('style').textContent.matchAll(/\.((?:c|more|less)\d+|library|same|page|root)\b/g)];
          return [...new Set(names.map(([, name]) => name))].map((name) => {
            rect.setAttribute('class', name);
            const [low, high] = [text, fill(rect)].sort((a, b) => a - b);
            return { name, ratio: (high + 0.05) / (low + 0.05) };
          });
        });
        assert.ok(contrast.length >= 38, `${contrast.length} colours`);
        // WCAG 2.1, 1.4.3: 4.5 to 1.
        assert.deepEqual(contrast.filter(({ ratio }) => !(ratio >= 4.5)), [], colorScheme);
      }, { colorScheme });
    }
  });
});

describe('hostile names', () => {
  it('are text, letter for letter', limits, async () => {
    const address = await draw('hostile', names.map((name) => [[{ name, file: `${name}.c` }], 1000]));
    await visit(browser, address, async (page) => {
      const boxes = await boxesOf(page);
      assert.deepEqual(boxes.map(({ name }) => name).sort(), ['all', ...names].sort());
      for (const { name, lines } of boxes.slice(1)) assert.equal(lines[1], `${name}.c:7`);
      await page.locator('input').fill('script');
      assert.equal(await page.locator('.status').textContent(), 'matched: 30.00%');
      for (const name of names) await box(page, name).hover();
      await box(page, names[0]).click();
      assert.equal((await boxNamed(page, names[0])).text, names[0]);
      assert.equal(await page.evaluate(() => window.hurt), undefined);
      assert.equal(await page.locator('script').count(), 1);
    });
  });

  it('have what is no character replaced', limits, async () => {
    const address = await draw('bytes', [[[Buffer.from('a\x01\x1b[31m\nb\xff\xc3', 'latin1')], 5], [['ok\u202e\ufffe'], 5]]);
    await visit(browser, address, async (page) => {
      const boxes = await boxesOf(page);
      assert.deepEqual(boxes.map(({ name }) => name), ['all', 'a\ufffd\ufffd[31m\ufffdb\ufffd\ufffd', 'ok\ufffd\ufffd']);
    });
  });

  it('of a test are text in the title', limits, async () => {
    const func = '<b>&"]]>';
    await writeFile(path.join(folder, '%3Cb%3E%26%22%5D%5D%3E.cpu.pb.gz'), encodeProfile(shares));
    const { exited, said } = run(['svg', `--func=${func}`, '--kind=cpu', `--out=${folder}`]);
    assert.equal((await exited).status, 0, said());
    await visit(browser, pathToFileURL(path.join(folder, '%3Cb%3E%26%22%5D%5D%3E.cpu.flame.svg')).href, async (page) =>
      assert.equal(await page.locator('text.title').textContent(), `${func}: cpu`),
    );
  });
});

// Titles of nodes and edges, and the texts of nodes.
function drawnOf(page) {
  return page.evaluate(() => {
    const titles = (kind) => [...document.querySelectorAll(kind)].map((element) => element.querySelector('title').textContent);
    const texts = [...document.querySelectorAll('.node')].map((node) => [...node.querySelectorAll('text')].map((text) => text.textContent));
    return { nodes: titles('.node'), edges: titles('.edge'), texts };
  });
}

describe('a call graph', () => {
  let address;
  before(async () => {
    address = graphOf(await draw('shares', shares));
  });

  it('has the figures of functions and calls', limits, async () => {
    for (const javaScriptEnabled of [true, false]) {
      await visit(browser, address, async (page) => {
        const { nodes, edges, texts } = await drawnOf(page);
        assert.deepEqual(nodes.sort(), [
          'a\nx.c:7\n60ms, 60.00%; itself 60ms, 60.00%',
          'b\nx.c:7\n30ms, 30.00%; itself 30ms, 30.00%',
          'c\nx.c:7\n10ms, 10.00%; itself 10ms, 10.00%',
          'main\nx.c:7\n100ms, 100.00%; itself 0, 0.00%',
        ]);
        // That c calls itself is no edge.
        assert.deepEqual(edges.sort(), ['main → a\n60ms, 60.00%', 'main → b\n30ms, 30.00%', 'main → c\n10ms, 10.00%']);
        assert.ok(texts.some((lines) => lines.join('|') === 'a|x.c|60ms (60.00%)'), texts);
        assert.ok(texts.some((lines) => lines.join('|') === 'main|x.c|0 of 100ms (100.00%)'), texts);
      }, { javaScriptEnabled });
    }
  });

  it('zooms, searches, and goes back', limits, () =>
    visit(browser, address, async (page) => {
      const viewBox = () => page.locator('.drawing').getAttribute('viewBox');
      const whole = await viewBox();
      await page.keyboard.press('/');
      await page.keyboard.type('^[ab]$');
      assert.equal(await page.locator('.status').textContent(), 'matched: 2');
      assert.equal(await page.locator('.node.match').count(), 2);
      const node = page.locator('.node').filter({ has: page.locator('title', { hasText: 'main' }) });
      await node.hover();
      assert.match(await page.locator('.details').textContent(), /^main\s· x.c:7/);
      await node.click();
      assert.notEqual(await viewBox(), whole);
      await page.locator('button[name=reset]').click();
      assert.deepEqual((await viewBox()).split(' ').map(Number), whole.split(' ').map(Number));
      assert.equal(await page.locator('.node.match').count(), 0);
      await node.focus();
      await page.keyboard.press('Enter');
      assert.notEqual(await viewBox(), whole);
      await page.keyboard.press('Escape');
      assert.deepEqual((await viewBox()).split(' ').map(Number), whole.split(' ').map(Number));
    }),
  );

  it('has hostile names as text', limits, async () => {
    const hostile = [...names, '\\N \\G', 'a\\', '->', 'N1 [label=x]'];
    const address = graphOf(await draw('hostile', hostile.map((name) => [[{ name, file: `${name}.c` }], 1000])));
    await visit(browser, address, async (page) => {
      const { nodes, texts } = await drawnOf(page);
      assert.deepEqual(nodes.map((title) => title.split('\n')[0]).sort(), hostile.slice().sort());
      const squeezed = (text) => text.replace(/\s/g, '');
      assert.deepEqual(texts.map(([name]) => squeezed(name)).sort(), hostile.map(squeezed).sort());
      assert.equal(await page.evaluate(() => window.hurt), undefined);
      assert.equal(await page.locator('script').count(), 1);
    });
  });

  it('is left out without graphviz, and the flame graph is there', limits, async () => {
    await writeFile(path.join(folder, 'nodot.cpu.pb.gz'), encodeProfile(shares));
    const { exited, said } = run(['svg', '--func=nodot', '--kind=cpu', `--out=${folder}`], { PATH: folder });
    assert.deepEqual(await exited, { status: 0, signal: null });
    assert.match(said(), /nodot\.cpu\.graph\.svg is not written: no graphviz/);
    assert.ok((await stat(path.join(folder, 'nodot.cpu.flame.svg'))).size > 1000);
    await assert.rejects(stat(path.join(folder, 'nodot.cpu.graph.svg')));
  });
});

describe('a flame graph of changes', () => {
  const old = [
    [['main', 'a'], ms(30)],
    [['main', 'b'], ms(30)],
    [['main', 'c'], ms(20)],
    [['main', '<gone>', 'inner'], ms(15)],
    [['old_thread'], ms(5)],
  ];
  const now = [
    [['main', 'a'], ms(60)],
    [['main', 'b'], ms(30)],
    [['main', 'c'], ms(4)],
    [['main', 'fresh'], ms(6)],
  ];
  const double = (samples) => samples.map(([stack, value]) => [stack, 2 * value]);

  // Resolves to what is drawn: boxes by name, and the notes below.
  async function compare(func, before, after, ...options) {
    await writeFile(path.join(folder, `${func}.cpu.pb.gz`), encodeProfile(after));
    const base = path.join(folder, `${func}.old.pb.gz`);
    await writeFile(base, encodeProfile(before));
    const { exited, said } = run(['flame-diff', `--func=${func}`, '--kind=cpu', `--base=${base}`, `--out=${folder}`, ...options]);
    assert.deepEqual(await exited, { status: 0, signal: null }, said());
    let drawn;
    await visit(browser, pathToFileURL(path.join(folder, `${func}.cpu.flame.diff.svg`)).href, async (page) => {
      const classes = await page.evaluate(() => [...document.querySelectorAll('.boxes rect')].map((rect) => rect.getAttribute('class')));
      const boxes = (await boxesOf(page)).map((box, place) => [box.name, { ...box, change: classes[place] }]);
      const texts = await page.evaluate(() => [...document.querySelectorAll('svg > text')].map((text) => text.textContent));
      drawn = { boxes: Object.fromEntries(boxes), texts };
    });
    return drawn;
  }

  it('has the new shape, and colours of the change', limits, async () => {
    const { boxes, texts } = await compare('changes', old, now);
    near(boxes.a.width, 0.6 * WIDTH, 'a');
    const changes = Object.fromEntries(Object.entries(boxes).map(([name, { change }]) => [name, change]));
    assert.deepEqual(changes, { all: 'same', main: 'more1', a: 'more3', b: 'same', c: 'less4', fresh: 'more4' });
    assert.deepEqual(boxes.a.lines.slice(2), ['60ms, 60.00%; itself 60ms, 60.00%', 'base 30ms, 30.00%', 'change +30ms, +100.00%']);
    assert.deepEqual(boxes.c.lines.slice(3), ['base 20ms, 20.00%', 'change -16ms, -80.00%']);
    assert.equal(boxes.fresh.lines.at(-1), 'not in the base');
    assert.deepEqual(
      texts.slice(texts.indexOf('only in the base:') + 1).map((text) => text.trim().replace(/ +/g, ' ')),
      ['15ms 15.00% <gone>, called by main', '5ms 5.00% old_thread'],
    );
    assert.ok(!texts.some((text) => text.includes('totals differ')), texts);
  });

  it('compares shares where the totals differ, and says so', limits, async () => {
    const { boxes, texts } = await compare('totals', double(old), now);
    assert.equal(boxes.b.change, 'same');
    assert.equal(boxes.a.change, 'more3');
    assert.equal(boxes.a.lines.at(-1), 'change 0, +100.00% of its share');
    assert.ok(texts.some((text) => text.endsWith('the totals differ: shares of them are compared')), texts);
  });

  it('compares values when asked', limits, async () => {
    const { boxes, texts } = await compare('values', double(old), now, '--normalize=no');
    assert.equal(boxes.a.change, 'same');
    assert.equal(boxes.b.change, 'less3');
    assert.equal(boxes.b.lines.at(-1), 'change -30ms, -50.00%');
    assert.ok(!texts.some((text) => text.includes('totals differ')), texts);
  });

  it('lists twelve calls that are gone, and counts the rest', limits, async () => {
    const many = Array.from({ length: 15 }, (_, i) => [['main', `gone_${i}`], ms(20 - i)]);
    const { texts } = await compare('gone', [...many, [['main'], ms(1)]], [[['main'], ms(1)]]);
    const lines = texts.slice(texts.indexOf('only in the base:') + 1).map((text) => text.trim().replace(/ +/g, ' '));
    assert.equal(lines.length, 13);
    assert.match(lines[0], /^20ms [\d.]+% gone_0, called by main$/);
    assert.equal(lines[12], '21ms 3 more');
  });
});

describe('names', () => {
  it('are cut to their boxes', limits, async () => {
    const long = (letter, length) => letter.repeat(length);
    const address = await draw('long', [
      [[long('W', 500)], 500], [['漢字かな交じり文'.repeat(20)], 300], [['middling_name'], 100], [[long('i', 30)], 60], [['tiny'], 5],
    ]);
    await visit(browser, address, async (page) => {
      const widths = await page.evaluate(() =>
        [...document.querySelectorAll('.boxes > g')].filter((box) => box.querySelector('text')?.textContent).map((box) => ({
          text: box.querySelector('text').getComputedTextLength(),
          box: box.querySelector('rect').getBBox().width,
        })),
      );
      assert.ok(widths.length >= 4);
      for (const { text, box } of widths) assert.ok(text <= box, `a text of ${text} in a box of ${box}`);
    }, { javaScriptEnabled: true });
  });
});

describe('a profile of 100,000 stacks', () => {
  it('makes a picture under 1.5 MB that says what is left out', limits, async () => {
    const samples = [];
    for (let i = 0; i < 100000; i++) {
      // 17 * 23 * 29 * 31 * 37: no two are equal.
      const stack = [17, 23, 29, 31, 37].map((step, depth) => `a_function_of_some_length_${depth}_${i % step}`);
      samples.push([['main', ...stack], 1 + (i % 7)]);
    }
    const address = await draw('many', samples);
    const file = path.join(folder, 'many.cpu.flame.svg');
    assert.ok((await stat(file)).size < 1500000, `${(await stat(file)).size} bytes`);
    assert.match(await readFile(file, 'utf8'), /not shown: \d+ calls too small to see, together [\d.]+\w+, [\d.]+%/);
    await visit(browser, address, async (page) => {
      assert.ok((await boxesOf(page)).length > 1000);
    });
  });
});

it('a profile of nothing says so', limits, async () => {
  const address = await draw('nothing', []);
  await visit(browser, address, async (page) => {
    assert.match(await page.locator('.details').textContent(), /^nothing to show/);
  });
});
