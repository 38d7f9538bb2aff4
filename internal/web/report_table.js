// SPDX-License-Identifier: MIT
// Tables that are sorted by a click on a column's title, and filtered.
//
// columns  {title, value(row): number or text to sort by, undefined sorts last; show(row): what the cell has;
//           number: true aligns it to the right; hint: what the title says when pointed at}
// Returns {node, filter(isWanted)}.
function pprofTable(columns, rows, caption) {
  'use strict';
  const { element } = pprofReport;
  let by = -1; // as they come
  let down = false;
  let isWanted = () => true;

  const body = element('tbody');
  const made = rows.map((row) => ({
    row,
    keys: columns.map((column) => column.value(row)),
    node: element('tr', {}, columns.map((column) => element('td', { class: column.number ? 'number' : null }, column.show(row)))),
  }));
  const heads = columns.map((column, place) => {
    const button = element('button', { type: 'button', title: column.hint, onclick: () => sortBy(place) }, column.title);
    return element('th', { class: column.number ? 'number' : null, scope: 'col' }, button);
  });

  function compare(a, b) {
    const [x, y] = [a.keys[by], b.keys[by]];
    if (by < 0 || x === y) return 0;
    if (x === undefined || y === undefined) return x === undefined ? 1 : -1;
    const order = typeof x === 'number' ? x - y : String(x).localeCompare(String(y), 'en', { numeric: true });
    return down ? -order : order;
  }

  function draw() {
    heads.forEach((head, place) => {
      if (place === by) head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    });
    body.replaceChildren(...made.toSorted(compare).filter(({ row }) => isWanted(row)).map(({ node }) => node));
  }

  // Of figures the largest are what people look for.
  function sortBy(place) {
    down = place === by ? !down : Boolean(columns[place].number);
    by = place;
    draw();
  }

  draw();
  return {
    node: element('table', {}, element('caption', {}, caption), element('thead', {}, element('tr', {}, heads)), body),
    filter(wanted) {
      isWanted = wanted;
      draw();
      return body.rows.length;
    },
  };
}
