// SPDX-License-Identifier: MIT
// What the scripts of pictures share: tools above the picture, and a line that says what is pointed at.
function pprofPicture(svg, signal) {
  'use strict';
  const XHTML = 'http://www.w3.org/1999/xhtml';
  const number = (element, name) => Number(element.getAttribute(name));
  const [left, top, row, column] = ['left', 'top', 'row', 'column'].map((name) => number(svg, `data-${name}`));
  let width = number(svg, 'data-width');
  const details = svg.querySelector('.details');
  const resting = details.textContent;
  const clearers = [];

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

  // Lines of a title, or null.
  function say(lines) {
    details.textContent = lines ? clip(lines.join('\u00a0\u00b7 '), Math.floor(width / column)) : resting;
  }

  // Calls `test(name)` says whether a name is looked for; no text: null.
  function matcher(text) {
    if (!text) return null;
    try {
      const pattern = new RegExp(text, 'i');
      return (name) => pattern.test(name);
    } catch {
      return (name) => name.toLowerCase().includes(text.toLowerCase());
    }
  }

  function add(parent, name, properties) {
    return Object.assign(parent.appendChild(document.createElementNS(XHTML, name)), properties);
  }

  const room = svg.querySelector('.tools');
  const foreign = svg.insertBefore(document.createElementNS(svg.namespaceURI, 'foreignObject'), room);
  for (const name of ['x', 'y', 'width', 'height']) foreign.setAttribute(name, room.getAttribute(name));
  room.remove();
  const toolbar = add(foreign, 'form', { className: 'toolbar' });
  const field = add(toolbar, 'input', { type: 'search', name: 'search', placeholder: 'Search functions ( / )' });
  field.setAttribute('aria-label', 'Search functions');
  const button = (name, text) => add(toolbar, 'button', { type: 'button', name, textContent: text });
  const reset = button('reset', 'Reset');
  const status = add(toolbar, 'output', { className: 'status' });

  function clear() {
    field.value = '';
    field.dispatchEvent(new Event('input'));
    for (const clearer of clearers) clearer();
  }

  toolbar.addEventListener('submit', (event) => event.preventDefault());
  reset.addEventListener('click', clear);
  svg.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') clear();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.target === field || event.ctrlKey || event.metaKey || event.altKey) return;
    if (svg !== document.documentElement && !svg.contains(document.activeElement)) return;
    event.preventDefault();
    field.focus();
  }, { signal });

  // As wide as there is room, `least` at least: what lacks then is for the style sheet, which scales the picture down. `draw` is called
  // when the width changes.
  function follow(room, least, draw) {
    function fit() {
      const whole = Math.max(Math.floor(room()), least);
      if (whole - 2 * left === width) return;
      width = whole - 2 * left;
      svg.setAttribute('width', whole);
      svg.setAttribute('viewBox', `0 0 ${whole} ${number(svg, 'height')}`);
      foreign.setAttribute('width', width);
      say(null);
      draw();
    }
    addEventListener('resize', fit, { signal });
    fit();
  }

  return {
    left, top, row, column, number, clip, say, follow,
    width: () => width,
    // A further button, before what is said of a search.
    addButton: (name, text) => toolbar.insertBefore(button(name, text), status),
    // `look(test)`: mark what test(name) is true of, nothing when test is null; returns what there is to say.
    onSearch: (look) => field.addEventListener('input', () => (status.textContent = look(matcher(field.value)))),
    onClear: (clearer) => clearers.push(clearer),
    // What is pointed at, or has the focus. At the document: Chromium gives the focus to an element of an SVG that listens for it.
    onPoint(linesOf) {
      document.addEventListener('mouseover', (event) => svg.contains(event.target) && say(linesOf(event.target)), { signal });
      document.addEventListener('focusin', (event) => svg.contains(event.target) && say(linesOf(event.target)), { signal });
    },
  };
}
