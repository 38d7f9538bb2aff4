// SPDX-License-Identifier: MIT
// Zoom and search of a call graph. Reads the picture; what is text there stays text.
// signal: ends what listens beyond the picture, when it goes.
function pprofGraph(svg, signal) {
  'use strict';
  const picture = pprofPicture(svg, signal);
  const drawing = svg.querySelector('.drawing');
  if (!drawing) return;
  const { x, y, width, height } = drawing.viewBox.baseVal;
  const whole = { x, y, width, height };
  let view = whole;

  const linesOf = (element) => element.querySelector('title')?.textContent.split('\n') ?? [];
  const nodes = [...drawing.querySelectorAll('.node')].map((element) => ({ element, lines: linesOf(element) }));

  function show(wanted) {
    view = wanted;
    drawing.setAttribute('viewBox', `${view.x} ${view.y} ${view.width} ${view.height}`);
  }

  // The same point stays under the pointer.
  function scale(factor, point) {
    const size = Math.min(Math.max(view.width * factor, whole.width / 50), whole.width);
    const ratio = size / view.width;
    show({
      x: point.x - (point.x - view.x) * ratio,
      y: point.y - (point.y - view.y) * ratio,
      width: size,
      height: view.height * ratio,
    });
  }

  function pointOf(event) {
    const point = new DOMPoint(event.clientX, event.clientY);
    return point.matrixTransform(drawing.getScreenCTM().inverse());
  }

  // So that a node and its neighbours can be read: its letters become as large as those of the page.
  function zoom(element) {
    const outer = drawing.getScreenCTM().inverse();
    const box = element.getBoundingClientRect();
    const middle = new DOMPoint(box.x + box.width / 2, box.y + box.height / 2).matrixTransform(outer);
    const ratio = Math.min(1, drawing.height.baseVal.value / drawing.width.baseVal.value);
    const size = Math.min(whole.width, Math.max(whole.width / 4, 500));
    const high = Math.min(whole.height, size * ratio);
    show({ x: middle.x - size / 2, y: middle.y - high / 2, width: size, height: high });
  }

  const nodeOf = (target) => target.closest?.('.node');
  let grabbed = null;
  let moved = false;
  drawing.addEventListener('pointerdown', (event) => {
    grabbed = pointOf(event);
    moved = false;
  });
  drawing.addEventListener('pointermove', (event) => {
    if (!grabbed || !event.buttons) return;
    const point = pointOf(event);
    // A hand that shakes still clicks.
    if (Math.hypot(point.x - grabbed.x, point.y - grabbed.y) < view.width / 300) return;
    moved = true;
    show({ ...view, x: view.x + grabbed.x - point.x, y: view.y + grabbed.y - point.y });
  });
  document.addEventListener('pointerup', () => (grabbed = null), { signal });
  drawing.addEventListener('click', (event) => {
    if (!moved && nodeOf(event.target)) zoom(nodeOf(event.target));
  });
  drawing.addEventListener(
    'wheel',
    (event) => {
      // Without the key the page scrolls.
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      scale(event.deltaY > 0 ? 1.2 : 1 / 1.2, pointOf(event));
    },
    { passive: false },
  );
  drawing.addEventListener('keydown', (event) => {
    if ((event.key !== 'Enter' && event.key !== ' ') || !nodeOf(event.target)) return;
    event.preventDefault();
    zoom(nodeOf(event.target));
  });

  picture.onClear(() => show(whole));
  picture.onPoint((target) => {
    const element = target.closest?.('.node, .edge');
    return element && linesOf(element);
  });
  picture.onSearch((test) => {
    const found = nodes.filter(({ element, lines }) => {
      const matches = Boolean(test && test(lines[0]));
      element.classList.toggle('match', matches);
      return matches;
    });
    drawing.classList.toggle('searched', Boolean(test));
    return test ? `matched: ${found.length}` : '';
  });
  for (const { element } of nodes) {
    element.setAttribute('tabindex', 0);
    element.setAttribute('role', 'button');
  }
}
