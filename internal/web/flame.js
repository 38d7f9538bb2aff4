// SPDX-License-Identifier: MIT
// Zoom, search and invert of a flame graph. Reads the picture; what is text there stays text.
// signal: ends what listens beyond the picture, when it goes.
// room: pixels that there are for it; those of the window, where it is all that the window shows.
function pprofFlame(svg, signal, room) {
  'use strict';
  const picture = pprofPicture(svg, signal);
  const { left, top, row, column, number, clip } = picture;

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
    const width = picture.width();
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

  function search(test) {
    let share = 0;
    for (const box of boxes) {
      box.found = Boolean(test && box !== root && test(box.lines[0]));
      box.below = Boolean(box.parent && (box.parent.found || box.parent.below));
      box.element.classList.toggle('match', box.found);
      if (box.found && !box.below) share += box.value;
    }
    graph.classList.toggle('searched', Boolean(test));
    return test ? `matched: ${((100 * share) / root.value).toFixed(2)}%` : '';
  }

  const graph = svg.querySelector('.boxes');
  const boxOf = (target) => byElement.get(target.closest?.('.boxes > g'));
  picture.onSearch(search);
  picture.onClear(() => zoom(root));
  picture.onPoint((target) => {
    const box = boxOf(target);
    if (box && box.element === document.activeElement) setStop(box);
    return box?.lines;
  });
  const invert = picture.addButton('invert', 'Invert');
  invert.addEventListener('click', () => {
    inverted = !inverted;
    invert.setAttribute('aria-pressed', inverted);
    draw();
  });
  graph.addEventListener('click', (event) => boxOf(event.target) && zoom(boxOf(event.target)));

  const shown = (box) => box && box.element.style.display !== 'none';
  const beside = (box, step) => box.parent && box.parent.children[box.parent.children.indexOf(box) + step];
  const moves = {
    ArrowUp: (box) => (inverted ? box.children[0] : box.parent),
    ArrowDown: (box) => (inverted ? box.parent : box.children[0]),
    ArrowLeft: (box) => beside(box, -1),
    ArrowRight: (box) => beside(box, 1),
  };
  graph.addEventListener('keydown', (event) => {
    const box = boxOf(event.target);
    if (!box) return;
    if (event.key === 'Enter' || event.key === ' ') zoom(box);
    else if (moves[event.key] && shown(moves[event.key](box))) moves[event.key](box).element.focus();
    else if (!moves[event.key]) return;
    event.preventDefault();
  });
  for (const box of boxes) box.element.setAttribute('role', 'button');
  draw();
  // What is written below the boxes was cut to the file's width.
  const least = svg.querySelector('.boxes ~ text') ? number(svg, 'width') : 400;
  if (room || svg === document.documentElement) picture.follow(room ?? (() => svg.clientWidth), least, draw);
}
