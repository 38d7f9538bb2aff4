// SPDX-License-Identifier: MIT
// The data API, version 1; docs/trace-api.md describes it.
'use strict';

const api = '/api/1/';

async function ask(question, parameters = {}, options = {}) {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters))
    if (value !== null && value !== undefined)
      query.set(key, value);
  const answer = await fetch(`${api}${question}?${query}`, options);
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({error: answer.statusText}));
    throw new Error(problem.error);
  }
  return answer;
}

export async function json(question, parameters = {}, options = {}) {
  return (await ask(question, parameters, options)).json();
}

export function url(question, parameters = {}) {
  return `${api}${question}?${new URLSearchParams(parameters)}`;
}

// Bytes of a record, by kind and form.
const sizes = {
  thread: {items: 24, parts: 4},
  group: {parts: 4},
  region: {items: 24},
  memory: {items: 16},
  cpu: {items: 24, parts: 8},
  heap: {parts: 16},
  load: {parts: 32},
};

// Rows of a timeline: {from, to, width, rows: Map of name to {kind, id, form, count, view: DataView}}.
export async function rows(names, from, to, width, signal) {
  const answer = await ask('rows', {rows: names.join(','), from: Math.floor(from), to: Math.ceil(to), width}, {signal});
  const buffer = await answer.arrayBuffer();
  const length = new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  let at = 4 + length;
  const found = new Map();
  head.rows.forEach((row, i) => {
    const size = row.count * sizes[row.kind][row.form];
    found.set(names[i], {...row, view: new DataView(buffer, at, size)});
    at += size;
  });
  return {from: head.from, to: head.to, width: head.width, names: head.names, rows: found};
}
