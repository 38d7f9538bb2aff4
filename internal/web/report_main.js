// SPDX-License-Identifier: MIT
// A report of tests: which page of it is shown is in the address, behind the #.
(() => {
  'use strict';
  const { index, profiles, element, human, percent, figure, breakable, address } = pprofReport;
  const base = index.base;
  const tests = index.tests.map((test, place) => ({ ...test, place }));
  const own = tests.filter(({ type }) => type !== 'package');
  const packages = tests.filter(({ type, place }) => type === 'package' && profilesOf(place).length);
  let shown = new AbortController();

  function profilesOf(place) {
    return profiles.list.filter(({ test }) => test === place);
  }

  const leaks = (test) => test.metrics.leaked > 0;
  const filters = [
    ['all', () => true],
    ['failed', (test) => !test.good],
    ['leaking', leaks],
    ['skipped', (test) => test.outcome === 'skipped'],
    ['not repeatable', (test) => !test.repeatable],
    ['benchmarks', (test) => test.type === 'benchmark'],
  ].filter(([name, isOne]) => name === 'all' || own.some(isOne));

  // A word for those who do not see the colour.
  function verdict(test) {
    const kind = !test.good ? 'bad' : test.outcome === 'skipped' ? 'skipped' : 'good';
    const text = test.repeatable ? test.outcome : `${test.outcome}, not repeatable`;
    return element('span', { class: `verdict ${kind}`, title: test.ended }, text);
  }

  function testColumns() {
    return [
      { title: 'verdict', value: (test) => `${test.good ? 1 : 0}${test.outcome}`, show: verdict },
      { title: 'test', value: (test) => test.test, show: (test) => element('a', { href: address({ test: test.place }) }, breakable(test.test)) },
      own.some((test) => test.package) ? { title: 'package', value: (test) => test.package ?? '', show: (test) => breakable(test.package ?? '') } : null,
      ...index.metrics.filter(({ name }) => name !== 'leaked_blocks').map(({ name, title, unit }) => ({
        title, number: true, value: (test) => test.metrics[name],
        show: (test) => (test.metrics[name] === undefined ? '' : human(Math.round(test.metrics[name] * 100) / 100, unit)),
      })),
    ].filter(Boolean);
  }

  function testsPage() {
    // What fails first: nobody should have to look for it.
    const table = pprofTable(testColumns(), own.toSorted((a, b) => Number(a.good) - Number(b.good)), 'Figures are of one run of the test\u2019s body');
    const count = element('output', { class: 'note' });
    const field = element('input', { type: 'search', name: 'filter', placeholder: 'Filter by name, package, program', oninput: apply });
    field.setAttribute('aria-label', 'Filter tests');
    let chosen = filters[0];
    const buttons = filters.map((filter) => element('button', { type: 'button', 'aria-pressed': filter === chosen, onclick: () => choose(filter) },
      `${filter[0]} ${own.filter(filter[1]).length}`));

    function choose(filter) {
      chosen = filter;
      buttons.forEach((button, place) => button.setAttribute('aria-pressed', filters[place] === filter));
      apply();
    }
    function apply() {
      const text = field.value.toLowerCase();
      const has = (test) => [test.test, test.package, test.program, test.suite_test].some((word) => word?.toLowerCase().includes(text));
      count.textContent = `${table.filter((test) => chosen[1](test) && has(test))} of ${own.length}`;
    }
    apply();
    return [
      element('form', { class: 'tools', onsubmit: (event) => event.preventDefault() }, field, buttons, count),
      element('div', { class: 'wide' }, table.node),
      packages.length ? element('p', {}, 'Profiles of all tests together: ',
        packages.map(({ test, place }, i) => [i ? ', ' : '', element('a', { href: address({ test: place }) }, test)])) : null,
    ];
  }

  function changesPage() {
    const titleOf = (change) => index.metrics.find(({ name }) => name === change.measure)?.title ?? change.measure;
    const show = (change, value) => (titleOf(change) === change.measure ? figure(value) : human(value, change.unit));
    const columns = [
      { title: '', value: (change) => (change.worse ? 'a' : 'b'), show: (change) => element('span', { class: `verdict ${change.worse ? 'bad' : 'good'}` }, change.worse ? 'worse' : 'better') },
      { title: 'test', value: (change) => change.test, show: (change) => change.test },
      { title: 'what', value: titleOf, show: titleOf },
      { title: 'before', number: true, value: (change) => change.old, show: (change) => show(change, change.old) },
      { title: 'now', number: true, value: (change) => change.new, show: (change) => show(change, change.new) },
      {
        title: 'change', number: true, value: (change) => (change.old ? change.new / change.old : undefined),
        show: (change) => (change.old ? `${change.new > change.old ? '+' : ''}${percent(change.new - change.old, change.old)}` : 'new'),
      },
    ];
    const list = (title, names) => (names.length ? element('p', {}, element('b', {}, `${title}: `), names.join(', ')) : null);
    return [
      element('p', {}, `Compared with ${base.dir}: what does not vary, and benchmarks that were run often enough. Times of tests vary by more than most changes and are not compared.`),
      list('Failed, and did not before', base.broken), list('No longer failing', base.mended), list('New', base.added), list('No longer there', base.gone),
      base.changes.length ? element('div', { class: 'wide' }, pprofTable(columns, base.changes, 'Changes').node) : element('p', {}, 'No change in what can be compared.'),
    ];
  }

  function problemsPage() {
    const columns = [
      { title: 'file', value: ({ file }) => file, show: ({ file, dir }) => (dir ? `${dir}/${file}` : file) },
      { title: 'why it is not in the report', value: ({ text }) => text, show: ({ text }) => text },
    ];
    return [
      index.problems.length ? pprofTable(columns, index.problems, 'Not in this report').node : null,
      index.problems_more ? element('p', {}, `and ${index.problems_more} more`) : null,
      index.left_out ? element('p', {}, `${index.left_out} tests of earlier runs are in the folder and left out.`) : null,
      profiles.has_no_dot ? element('p', {}, 'No call graphs: there was no graphviz to lay them out.') : null,
      profiles.graphs_failed ? element('p', {}, `${profiles.graphs_failed} call graphs could not be laid out in a minute.`) : null,
      profiles.graphs_left_out ? element('p', {}, `${profiles.graphs_left_out} call graphs are left out: this page would be too large.`) : null,
    ];
  }

  // [[name, text]]: those of a benchmark, which has many runs, once.
  function runsOf(test) {
    const rows = new Map();
    for (const { kind, outcome, ended, runs, lost, message } of test.kinds ?? []) {
      const text = [ended ?? outcome, `${runs} run${runs === 1 ? '' : 's'}`, lost ? `${lost} events lost` : '', message ?? ''];
      const key = `${kind}\n${text.filter(Boolean).join('; ')}`;
      rows.set(key, (rows.get(key) ?? 0) + 1);
    }
    return [...rows].map(([key, count]) => {
      const [kind, text] = key.split('\n');
      return [`${kind} run`, count > 1 ? `${text} (${count} times)` : text];
    });
  }

  function facts(test) {
    const rows = [['package', test.package], ['program', test.program], ['run as', test.suite_test], ['machine', test.machine], ['date', test.date],
      ...runsOf(test)];
    return element('dl', {}, rows.filter(([, value]) => value).map(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]));
  }

  function leakList(test) {
    if (!test.leaks?.length) return [];
    const line = ({ function: name, file, line: number }) => (file && number ? `${name} ${file.split('/').at(-1)}:${number}` : name);
    return [element('h3', {}, 'Leaked'), element('ul', {}, test.leaks.map((leak) => element('li', {},
      `${human(leak.bytes, 'bytes')} in ${leak.blocks} block${leak.blocks === 1 ? '' : 's'}: `, element('code', {}, leak.frames.map(line).join(' < ')))))];
  }

  // Buttons that lead to the profiles of a test, their sample types, and the two ways to draw them.
  function profileTools(place, mine, profile, view, type) {
    const link = (text, values, isShown) =>
      element('a', { class: 'choice', href: address({ test: place, ...values }), 'aria-current': isShown ? 'true' : null }, text);
    return element('nav', { class: 'tools', 'aria-label': 'profiles' },
      mine.map((other) => link(other.kind, { kind: other.kind, view: view === 'graph' && other.graph === null ? 'flame' : view }, other === profile)),
      element('span', { class: 'gap' }),
      link('flame graph', { kind: profile.kind, view: 'flame' }, view === 'flame'),
      profile.graph === null ? null : link('call graph', { kind: profile.kind, view: 'graph' }, view === 'graph'),
      element('span', { class: 'gap' }),
      view === 'flame' ? profile.types.map(([name]) => link(name, { kind: profile.kind, view, type: name }, name === type)) : null);
  }

  function testPage(values) {
    const place = Number(values.get('test'));
    const test = tests[place];
    if (!test) return [element('p', {}, 'There is no such test.')];
    const mine = profilesOf(place);
    const profile = mine.find(({ kind }) => kind === values.get('kind')) ?? mine[0];
    const room = element('div', { class: 'picture' });
    const content = [
      element('h2', {}, test.type === 'package' ? (test.test === 'all' ? 'All tests' : `All tests of ${test.test}`) : test.test, ' ', test.type === 'package' ? null : verdict(test)),
      test.good === false ? element('p', { class: 'bad' }, test.ended) : null,
      facts(test), leakList(test), pprofBench.ofTest(place), pprofTraces.ofTest(place),
    ];
    if (!profile) return [...content, element('p', { class: 'note' }, 'No profiles.')];
    const view = values.get('view') === 'graph' && profile.graph !== null ? 'graph' : 'flame';
    const type = profile.types.some(([name]) => name === values.get('type')) ? values.get('type') : profile.shown;
    const { signal } = shown;
    // When it is in the page: its width is known then.
    setTimeout(() => pprofProfile.show(room, profile, view, type, signal));
    return [...content, profileTools(place, mine, profile, view, type), room];
  }

  const problems = index.problems.length + index.problems_more;
  const pages = [
    ['tests', `Tests ${own.length}`, testsPage, true],
    ['changes', `Changes ${base?.changes.length}`, changesPage, Boolean(base)],
    ['benchmarks', `Benchmarks ${pprofBench.count}`, pprofBench.all, pprofBench.count > 0],
    ['traces', `Traces ${pprofTraces.count}`, pprofTraces.all, pprofTraces.count > 0],
    ['problems', `Not in this report ${problems || ''}`, problemsPage,
      problems + index.left_out + profiles.graphs_left_out + profiles.graphs_failed > 0 || profiles.has_no_dot],
  ].filter(([, , , isThere]) => isThere);

  const main = element('main');
  const links = pages.map(([name, title]) => element('a', { href: address({ page: name }) }, title));
  const counts = Object.entries(index.verdicts).map(([word, count]) => `${count} ${word}`).join(', ');

  function show() {
    const values = new URLSearchParams(location.hash.slice(1));
    const page = values.has('test') ? null : (pages.find(([name]) => name === values.get('page')) ?? pages[0]);
    shown.abort();
    shown = new AbortController();
    links.forEach((link, place) => (pages[place] === page ? link.setAttribute('aria-current', 'page') : link.removeAttribute('aria-current')));
    main.replaceChildren(element('div', {}, (page ? page[2]() : testPage(values)).flat(Infinity).filter(Boolean)));
  }

  document.body.append(
    element('header', {}, element('h1', {}, 'Tests and profiles'),
      element('p', { class: 'note' }, `${counts || 'no tests'} \u00b7 ${index.date.replace('T', ' ').replace('Z', ' UTC')} \u00b7 ${index.tool}`),
      element('nav', { 'aria-label': 'pages' }, links)),
    main);
  addEventListener('hashchange', show);
  show();
})();
