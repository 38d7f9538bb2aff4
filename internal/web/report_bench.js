// SPDX-License-Identifier: MIT
// Benchmarks: a table of all, and for each test a chart of how long an operation took and how much that varied.
const pprofBench = (() => {
  'use strict';
  const { index, element, drawing, figure, address } = pprofReport;
  const LABEL = 380;
  const WIDTH = 1180;
  const ROW = 26;

  // [{test, name, runs: [result]}]: the runs of one benchmark together.
  const benchmarks = index.tests.flatMap((test, place) => {
    const byName = new Map();
    for (const result of test.results ?? []) byName.set(result.name, [...(byName.get(result.name) ?? []), result]);
    return [...byName].map(([name, runs]) => ({ test: place, name, runs }));
  });

  function median(values) {
    const sorted = values.filter((value) => value !== undefined).toSorted((a, b) => a - b);
    if (!sorted.length) return undefined;
    return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
  }
  const of = (read) => ({ runs }) => median(runs.filter((run) => !run.problem).map(read));

  // The smallest, quartiles and largest of all runs' stretches; of each run one value where stretches are not known.
  function spreadOf({ runs }) {
    const spreads = runs.filter((run) => !run.problem).map((run) => (run.spread_ns_op.length ? run.spread_ns_op : Array(5).fill(run.ns_op)));
    if (!spreads.length) return null;
    const column = (place) => spreads.map((spread) => spread[place]);
    return [Math.min(...column(0)), median(column(1)), median(column(2)), median(column(3)), Math.max(...column(4))];
  }

  const nsOp = of((run) => run.ns_op);

  function unitsOf() {
    return [...new Set(benchmarks.flatMap(({ runs }) => runs.flatMap((run) => Object.keys(run.metrics))))].toSorted();
  }

  function columns() {
    const number = (title, read) => ({
      title, number: true, value: of(read),
      show: (row) => { const value = of(read)(row); return value === undefined ? '' : figure(value); },
    });
    const spread = (row) => { const s = spreadOf(row); return s && s[2] ? (s[3] - s[1]) / s[2] : undefined; };
    return [
      { title: 'benchmark', value: (row) => row.name, show: (row) => element('a', { href: address({ test: row.test }) }, row.name) },
      { title: 'runs', number: true, value: (row) => row.runs.length, show: (row) => row.runs.length },
      number('ns/op', (run) => run.ns_op),
      {
        title: 'spread', number: true, hint: 'from the lower to the upper quartile of the stretches of a run, by their median',
        value: spread, show: (row) => (spread(row) === undefined ? '' : `${(100 * spread(row)).toFixed(1)}%`),
      },
      number('B/op', (run) => run.bytes_op),
      number('allocs/op', (run) => run.allocs_op),
      ...(benchmarks.some(({ runs }) => runs.some((run) => run.mb_s !== undefined)) ? [number('MB/s', (run) => run.mb_s)] : []),
      ...unitsOf().map((unit) => number(unit, (run) => run.metrics[unit])),
    ];
  }

  // A round number of which the largest value has 3 to 8.
  function stepOf(most) {
    const power = 10 ** Math.floor(Math.log10(most / 3));
    return [5, 2, 1].map((factor) => factor * power).find((step) => most / step >= 3) ?? power;
  }

  function axis(most, height, x) {
    const step = stepOf(most);
    const marks = [];
    for (let value = 0; value <= most; value += step) {
      marks.push(drawing('line', { class: 'grid', x1: x(value), x2: x(value), y1: 0, y2: height - 20 }),
        drawing('text', { class: 'mark', x: x(value), y: height - 6 }, figure(Number(value.toPrecision(6)))));
    }
    return marks;
  }

  function bar(row, place, x) {
    const spread = spreadOf(row);
    const y = place * ROW + 4;
    const label = row.name.length > 48 ? `${row.name.slice(0, 47)}\u2026` : row.name;
    const group = drawing('g', { class: 'bar' }, drawing('text', { class: 'label', x: LABEL - 8, y: y + 13 }, label));
    if (!spread) {
      group.append(drawing('text', { class: 'note', x: LABEL + 4, y: y + 13 }, 'no result'));
      return group;
    }
    const [low, first, , third, high] = spread;
    const middle = nsOp(row);
    group.append(
      drawing('title', {}, `${row.name}\n${figure(middle)} ns/op\nstretches of the runs: ${figure(low)} to ${figure(high)}, half of them ${figure(first)} to ${figure(third)}`),
      drawing('rect', { class: 'middle', x: x(0), y, width: Math.max(x(middle) - x(0), 1), height: ROW - 10 }),
      drawing('line', { class: 'range', x1: x(low), x2: x(high), y1: y + 8, y2: y + 8 }),
      drawing('rect', { class: 'quartiles', x: x(first), y: y + 3, width: Math.max(x(third) - x(first), 1), height: 10 }));
    return group;
  }

  // Of the benchmarks of one test: they are what is meant to be compared.
  function chart(rows) {
    const most = Math.max(...rows.map((row) => Math.max(spreadOf(row)?.[4] ?? 0, nsOp(row) ?? 0)));
    if (!(most > 0)) return null;
    const x = (value) => LABEL + (value / most) * (WIDTH - LABEL - 60);
    const height = rows.length * ROW + 28;
    return drawing('svg', { class: 'chart', viewBox: `0 0 ${WIDTH} ${height}`, width: WIDTH, height, role: 'img', 'aria-label': 'ns/op' },
      axis(most, height, x), rows.map((row, place) => bar(row, place, x)),
      drawing('text', { class: 'mark', x: WIDTH - 22, y: height - 6 }, 'ns/op'));
  }

  const table = (rows, caption) => pprofTable(columns(), rows, caption).node;

  function ofTest(place) {
    const rows = benchmarks.filter(({ test }) => test === place);
    const notes = index.tests[place].notes ?? [];
    const problems = rows.flatMap(({ name, runs }) => runs.filter((run) => run.problem).map((run) => `${name}: ${run.problem}`));
    return rows.length
      ? [chart(rows), table(rows, 'Results'), element('ul', { class: 'notes' }, [...problems, ...notes].map((note) => element('li', {}, note)))]
      : [];
  }

  function all() {
    const tests = [...new Set(benchmarks.map(({ test }) => test))];
    return [
      table(benchmarks, `${benchmarks.length} benchmarks`),
      tests.map((test) => [
        element('h3', {}, element('a', { href: address({ test }) }, index.tests[test].test)),
        chart(benchmarks.filter((row) => row.test === test)),
      ]),
    ];
  }

  return { count: benchmarks.length, all, ofTest };
})();
