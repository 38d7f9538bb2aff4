// SPDX-License-Identifier: MIT
// Zoom, search and invert of a flame graph. Reads the picture that it stands in; what is text there stays text.
(() => {
  'use strict';
  const svg = document.currentScript.closest('svg');
  const XHTML = 'http://www.w3.org/1999/xhtml';
  const number = (element, name) => Number(element.getAttribute(name));
  const [left, top, width, row, column] = ['left', 'top', 'width', 'row', 'column'].map((name) => number(svg, `data-${name}`));
  const details = svg.querySelector('.details');
  const resting = details.textContent;

  // In the file's order a parent comes before its children, and these by size. Boxes are placed by their values: what is written
  // as a number of pixels is rounded.
  const boxes = [];
  for (const element of svg.querySelectorAll('.boxes > g')) {
    const rect = element.querySelector('rect');
    const depth = Math.round((number(rect, 'y') - top) / row);
    let parent = boxes.at(-1) ?? null;
    while (parent && parent.depth >= depth) parent = parent.parent;
    const lines = element.querySelector('title').textContent.split('\n');
    const box = { element, rect, depth, parent, lines, value: number(element, 'data-v'), used: 0, children: [] };
    box.x = parent ? parent.x + parent.used : 0;
    if (parent) {
      parent.used += box.value;
      parent.children.push(box);
    }
    boxes.push(box);
  }
  if (!boxes.length) return;
  const [root] = boxes;
  const deepest = boxes.reduce((most, box) => Math.max(most, box.depth), 0);
  const byElement = new Map(boxes.map((box) => [box.element, box]));
  let zoomed = root;
  let inverted = false;

  function clip(text, columns) {
    const characters = [...text];
    // As the writer of the picture counts: beyond Latin, Greek, Cyrillic and the like, two columns.
    const columnsOf = (character) => (character.codePointAt(0) >= 0x1100 && character !== '\ufffd' ? 2 : 1);
    const total = characters.reduce((sum, character) => sum + columnsOf(character), 0);
    if (total <= columns) return text;
    let kept = '';
    let used = 1;
    for (const character of characters) {
      used += columnsOf(character);
      if (used > columns) break;
      kept += character;
    }
    return kept && `${kept}\u2026`;
  }

  function setText(box, x, y, size) {
    let text = box.element.querySelector('text');
    const columns = Math.floor((size - 6) / column);
    const shown = columns >= 3 ? clip(box.lines[0], columns) : '';
    if (!text && !shown) return;
    if (!text) text = box.element.appendChild(document.createElementNS(svg.namespaceURI, 'text'));
    text.textContent = shown;
    text.setAttribute('x', x + 3);
    text.setAttribute('y', y + 13);
  }

  const holds = (outer, box) => box.x >= outer.x && box.x + box.value <= outer.x + outer.value && box.depth >= outer.depth;

  function place(box) {
    const above = box !== zoomed && holds(box, zoomed) && box.depth < zoomed.depth;
    const scale = width / zoomed.value;
    const x = above ? left : left + (box.x - zoomed.x) * scale;
    const size = above ? width : box.value * scale;
    const visible = above || (holds(zoomed, box) && size >= 0.1);
    box.element.style.display = visible ? '' : 'none';
    box.element.classList.toggle('above', above);
    if (!visible) return;
    const y = top + (inverted ? deepest - box.depth : box.depth) * row;
    box.rect.setAttribute('x', x);
    box.rect.setAttribute('y', y);
    box.rect.setAttribute('width', Math.max(size - 0.5, 0.1));
    setText(box, x, y, size);
  }

  function draw() {
    boxes.forEach(place);
    setStop(byElement.get(document.activeElement) ?? zoomed);
  }

  function zoom(box) {
    zoomed = box;
    draw();
  }

  // One box at a time can be reached with Tab; the arrows lead from it to the others.
  function setStop(box) {
    for (const other of boxes) other.element.setAttribute('tabindex', other === box ? 0 : -1);
  }

  function say(box) {
    details.textContent = box ? clip(box.lines.join('\u00a0\u00b7 '), Math.floor(width / column)) : resting;
  }

  function matcher(text) {
    try {
      const pattern = new RegExp(text, 'i');
      return (name) => pattern.test(name);
    } catch {
      return (name) => name.toLowerCase().includes(text.toLowerCase());
    }
  }

  function search(text) {
    const matches = text ? matcher(text) : () => false;
    let share = 0;
    for (const box of boxes) {
      const found = box !== root && matches(box.lines[0]);
      box.element.classList.toggle('match', found);
      box.below = Boolean(box.parent && (box.parent.found || box.parent.below));
      box.found = found;
      if (found && !box.below) share += box.value;
    }
    svg.querySelector('.boxes').classList.toggle('searched', Boolean(text));
    status.textContent = text ? `matched: ${((100 * share) / root.value).toFixed(2)}%` : '';
  }

  function add(parent, name, properties) {
    return Object.assign(parent.appendChild(document.createElementNS(XHTML, name)), properties);
  }

  const place0 = svg.querySelector('.tools');
  const foreign = svg.insertBefore(document.createElementNS(svg.namespaceURI, 'foreignObject'), place0);
  for (const name of ['x', 'y', 'width', 'height']) foreign.setAttribute(name, place0.getAttribute(name));
  place0.remove();
  const toolbar = add(foreign, 'form', { className: 'toolbar' });
  const field = add(toolbar, 'input', { type: 'search', name: 'search', placeholder: 'Search functions ( / )' });
  field.setAttribute('aria-label', 'Search functions');
  const reset = add(toolbar, 'button', { type: 'button', name: 'reset', textContent: 'Reset' });
  const invert = add(toolbar, 'button', { type: 'button', name: 'invert', textContent: 'Invert' });
  const status = add(toolbar, 'output', { className: 'status' });

  function clear() {
    field.value = '';
    search('');
    zoom(root);
  }

  toolbar.addEventListener('submit', (event) => event.preventDefault());
  field.addEventListener('input', () => search(field.value));
  reset.addEventListener('click', clear);
  invert.addEventListener('click', () => {
    inverted = !inverted;
    invert.setAttribute('aria-pressed', inverted);
    draw();
  });

  const graph = svg.querySelector('.boxes');
  const boxOf = (event) => byElement.get(event.target.closest?.('.boxes > g'));
  graph.addEventListener('click', (event) => boxOf(event) && zoom(boxOf(event)));
  graph.addEventListener('mouseover', (event) => say(boxOf(event)));
  graph.addEventListener('mouseout', () => say(null));
  // At the document: Chromium gives the focus to an element of an SVG that listens for it.
  document.addEventListener('focusin', (event) => {
    const box = boxOf(event);
    say(box);
    if (box) setStop(box);
  });

  const shown = (box) => box && box.element.style.display !== 'none';
  const beside = (box, step) => box.parent && box.parent.children[box.parent.children.indexOf(box) + step];
  const moves = {
    ArrowUp: (box) => (inverted ? box.children[0] : box.parent),
    ArrowDown: (box) => (inverted ? box.parent : box.children[0]),
    ArrowLeft: (box) => beside(box, -1),
    ArrowRight: (box) => beside(box, 1),
  };
  graph.addEventListener('keydown', (event) => {
    const box = boxOf(event);
    if (!box) return;
    if (event.key === 'Enter' || event.key === ' ') zoom(box);
    else if (moves[event.key] && shown(moves[event.key](box))) moves[event.key](box).element.focus();
    else if (!moves[event.key]) return;
    event.preventDefault();
  });
  svg.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') clear();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.target === field || event.ctrlKey || event.metaKey || event.altKey) return;
    if (svg !== document.documentElement && !svg.contains(document.activeElement)) return;
    event.preventDefault();
    field.focus();
  });
  for (const box of boxes) box.element.setAttribute('role', 'button');
  draw();
})();
