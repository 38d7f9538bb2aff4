// SPDX-License-Identifier: MIT
// Each view of each kind shows the functions that it should, in a real browser.
//
// PPROF_OUT_UNDER_TEST has the profiles; expected.json says which functions are in them, PPROF_EXPECTED another
// such file.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { launch, visit as visitWith } from './browser.mjs';
import { limits, profiles, project, serve, until } from './server.mjs';

const expected = JSON.parse(readFileSync(process.env.PPROF_EXPECTED ?? new URL('expected.json', import.meta.url)));
const { func } = expected;
const manifest = JSON.parse(readFileSync(path.join(profiles, `${func}.json`)));

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const visit = (address, look) => visitWith(browser, address, look);

function includesAll(texts, functions, where) {
  for (const name of functions)
    assert.ok(texts.some((text) => text.split(/\s+/).includes(name)), `${where} has no ${name}: ${texts.slice(0, 20)}`);
}

async function checkFlameGraph(page, { functions, type }) {
  const boxes = page.locator('#stack-chart .boxbg, #stack-chart div');
  const names = await boxes.evaluateAll((all) => all.map((box) => box.textContent));
  includesAll(names, functions, 'the flame graph');
  assert.match(await page.title(), new RegExp(` ${type}$`));
}

async function checkTop(page, { functions }) {
  const names = await page.locator('#rows td').allTextContents();
  includesAll(names, functions, 'Top');
}

async function checkGraph(page, { functions }) {
  const nodes = await page.locator('#graph svg g.node text').allTextContents();
  includesAll(nodes, functions, 'Graph');
}

async function checkPeek(page, { functions }) {
  const text = await page.locator('#content pre').textContent();
  includesAll(text.split('\n'), functions, 'Peek');
}

// The function by name and file, lines as they stand in that file, and a cost beside one of them.
async function checkSource(page, { source }) {
  assert.ok((await page.locator('#content h2').allTextContents()).includes(source), `no heading ${source}`);
  const [file] = await page.locator('#content .filename').allTextContents();
  const code = await readFile(path.resolve(project, file), 'utf8');
  const shown = await page.locator('#content .livesrc, #content .deadsrc').allTextContents();
  // "  flat  cum  code", where "." is nothing.
  const lines = shown.map((line) => line.match(/^\s*(\S+)\s+(\S+)(?:\s+(.*\S))?/));
  assert.ok(lines.some(([, , cum]) => cum !== '.'), `no line has a cost: ${shown}`);
  const [, , , text] = lines.find(([, , cum, text]) => cum !== '.' && text);
  assert.ok(code.includes(text.split('   ')[0].trim()), `${file} has no line "${text}"`);
}

async function checkDisassembly(page, { symbol }) {
  const text = await page.locator('#content pre').textContent();
  assert.match(text, new RegExp(`ROUTINE =+ ${symbol}\\n`));
  // "  flat  cum  address: INSTRUCTION"
  assert.match(text, /\n\s+\S+\s+[\d.]*\d[a-zA-Z]*\s+[0-9a-f]+: [A-Z]/, 'no instruction has a cost');
}

const views = [
  { name: 'Flame Graph', page: () => '', check: checkFlameGraph },
  { name: 'Top', page: () => 'ui/top', check: checkTop },
  { name: 'Graph', page: () => 'ui/?n=80', check: checkGraph },
  { name: 'Peek', page: ({ functions }) => `ui/peek?f=${functions.join('|')}`, check: checkPeek },
  { name: 'Source', page: ({ source }) => `ui/source?f=^${source}$`, check: checkSource },
  { name: 'Disassemble', page: ({ symbol }) => `ui/disasm?f=${symbol}`, check: checkDisassembly, needsProgram: true },
];

for (const [kind, wanted] of Object.entries(expected.kinds)) {
  describe(kind, () => {
    let server;
    before(async () => {
      server = await serve(func, kind);
    });
    after(async () => server && (await server.stop()));
    for (const view of views) {
      it(`${kind}: ${view.name} shows what it should`, limits, () =>
        visit(`${server.address}/${view.page(wanted)}`, async (page, response) => {
          assert.equal(response.status(), 200);
          await view.check(page, wanted);
        }),
      );
    }
  });
}

describe('opening', () => {
  let server;
  before(async () => {
    server = await serve(func, 'heap');
  });
  after(async () => server && (await server.stop()));

  it('the bare address leads to the flame graph', limits, () =>
    visit(server.address, (page) => assert.equal(new URL(page.url()).pathname, '/ui/flamegraph')),
  );

  it('the menu leads through the views and back', limits, () =>
    visit(server.address, async (page) => {
      for (const [item, pathname] of [
        ['#topbtn', '/ui/top'],
        ['#graphbtn', '/ui/'],
        ['#flamegraph', '/ui/flamegraph'],
      ]) {
        await page.locator('.menu-item', { hasText: 'View' }).first().hover();
        await page.locator('.menu-item', { hasText: 'View' }).first().click();
        await Promise.all([page.waitForURL((url) => url.pathname === pathname), page.locator(item).click()]);
      }
    }),
  );
});

// A profile changed byte by byte, its length kept, served from a folder of its own.
function describeChanged(title, change, notice) {
  describe(title, () => {
    let folder, server;
    before(async () => {
      const bytes = gunzipSync(await readFile(path.join(profiles, `${func}.cpu.pb.gz`)));
      change(bytes);
      folder = await mkdtemp(path.join(tmpdir(), 'pprofmk-browser-'));
      await writeFile(path.join(folder, `${func}.cpu.pb.gz`), gzipSync(bytes));
      server = await serve(func, 'cpu', { out: folder });
    });
    after(async () => {
      if (server) await server.stop();
      if (folder) await rm(folder, { recursive: true });
    });

    const wanted = expected.kinds.cpu;
    for (const view of views.filter((view) => !view.needsProgram)) {
      it(`${title}: ${view.name} shows what it should`, limits, () =>
        visit(`${server.address}/${view.page(wanted)}`, (page) => view.check(page, wanted)),
      );
    }
    it(`${title}: Disassemble shows no other code`, limits, async () => {
      const answer = await fetch(`${server.address}/ui/disasm?f=${wanted.symbol}`);
      assert.match(await answer.text(), /^no matches found/);
      await until(() => notice.test(server.said()), server.said);
    });
  });
}

// To a path that is not there.
function moveProgram(bytes) {
  const gone = manifest.program.replace(/^\/./, '/_');
  const at = bytes.indexOf(manifest.program);
  assert.ok(at > 0, `${manifest.program} is not in the profile`);
  assert.ok(!existsSync(gone));
  bytes.write(gone, at);
}

// To another build id for each file: a string of 40 hexadecimal digits, its length (0x28) in front.
function changeBuildIds(bytes) {
  const found = [...bytes.toString('latin1').matchAll(/2\x28([0-9a-f]{40})/g)];
  assert.ok(found.length, 'no build id');
  for (const { index } of found) bytes[index + 2] = bytes[index + 2] === 0x30 ? 0x31 : 0x30;
}

describeChanged('without the program', moveProgram, /Disassemble needs it;/);
describeChanged('after a rebuild', changeBuildIds, /was rebuilt since: Disassemble needs the one that ran/);
