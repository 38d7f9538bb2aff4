// SPDX-License-Identifier: MIT
// A test and its profiles: a flame graph of any sample type, a call graph.
const pprofProfile = (() => {
  'use strict';
  const { profiles, element, drawing, human, percent, unpack } = pprofReport;
  const MARGIN = 10;
  const ROW = 18;
  const TOP = 60;
  const COLUMN = 7.3; // as in svg_text.h

  // Lines of a box's title, as flame_svg.c writes them.
  function titleOf(node, unit, total) {
    const [name, file, line] = node.function ?? ['all', '', 0];
    const itself = node.self ? `; itself ${human(node.self, unit)}, ${percent(node.self, total)}` : '';
    const lines = [name + (node.inlined ? ' (inlined)' : '')];
    if (file) lines.push(line > 0 ? `${file}:${line}` : file);
    lines.push(`${human(node.value, unit)}, ${percent(node.value, total)}${itself}`);
    return lines.join('\n');
  }

  // Nodes of one sample type with something in them, children by size: a root, or null.
  function treeOf(tree, type) {
    const side = tree.types[type];
    const path = [];
    tree.d.forEach((depth, place) => {
      const node = {
        depth, children: [], value: tree.v[side][place], self: tree.s[side][place],
        function: place ? profiles.names[tree.f[place] >> 1] : null, inlined: place > 0 && (tree.f[place] & 1) === 1,
      };
      path[depth] = node;
      if (depth && node.value) path[depth - 1].children.push(node);
    });
    return path[0]?.value ? path[0] : null;
  }

  // In the order that pprofFlame() expects. Not by recursion: stacks may be deeper than that of the script.
  function flatten(root) {
    const nodes = [];
    const left = [root];
    while (left.length) {
      const node = left.pop();
      nodes.push(node);
      left.push(...node.children.toSorted((a, b) => a.value - b.value));
    }
    return nodes;
  }

  function boxOf(node, unit, total) {
    const colour = node.function?.[3];
    const name = node.function ? (colour >= 0 ? `c${colour}` : 'library') : 'root';
    return drawing('g', { 'data-v': node.value }, drawing('title', {}, titleOf(node, unit, total)),
      drawing('rect', { class: name, x: MARGIN, y: TOP + node.depth * ROW, width: 0, height: ROW - 1 }));
  }

  function hiddenOf(tree, unit) {
    const [calls, value] = tree.hidden;
    return calls ? `; not shown: ${calls} calls too small to see${value ? `, together ${human(value, unit)}` : ''}` : '';
  }

  // unit, amountUnit: of the sample type, and of the tree's first one, which says what is not shown.
  function flame(parent, tree, type, unit, amountUnit, signal) {
    const root = treeOf(tree, type);
    if (!root) {
      parent.append(element('p', { class: 'note' }, `Nothing to show: no ${type}.`));
      return;
    }
    const nodes = flatten(root);
    const deepest = nodes.reduce((most, node) => Math.max(most, node.depth), 0);
    const room = () => parent.clientWidth || 1200;
    const width = Math.max(room(), 400);
    const height = TOP + (deepest + 1) * ROW + MARGIN;
    const svg = drawing('svg', {
      class: 'pprof', width, height, viewBox: `0 0 ${width} ${height}`,
      'data-left': MARGIN, 'data-top': TOP, 'data-width': width - 2 * MARGIN, 'data-row': ROW, 'data-column': COLUMN,
    },
    drawing('rect', { class: 'tools', fill: 'none', x: MARGIN, y: 4, width: width - 2 * MARGIN, height: 30 }),
    drawing('text', { class: 'details note', x: MARGIN, y: TOP - 8 },
      `${human(root.value, unit)} ${type}${hiddenOf(tree, amountUnit)}`),
    drawing('g', { class: 'boxes' }, nodes.map((node) => boxOf(node, unit, root.value))));
    parent.append(svg);
    pprofFlame(svg, signal, room);
  }

  // What the tool drew. It is read as XML, in which nothing runs, and its names are texts there already.
  function graph(parent, text, signal) {
    const root = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
    const svg = document.importNode(root, true);
    parent.append(svg);
    pprofGraph(svg, signal);
  }

  async function show(parent, profile, view, type, signal) {
    if (view === 'graph') {
      const text = await unpack(profile.graph);
      if (!signal.aborted) graph(parent, text, signal);
      return;
    }
    const trees = JSON.parse(await unpack(profile.trees));
    const unitOf = (name) => profile.types.find(([other]) => other === name)[1];
    const tree = trees.find(({ types }) => Object.hasOwn(types, type));
    if (!signal.aborted) flame(parent, tree, type, unitOf(type), unitOf(Object.keys(tree.types)[0]), signal);
  }

  return { show };
})();
