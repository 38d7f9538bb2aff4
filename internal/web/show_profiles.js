// SPDX-License-Identifier: MIT
// Profiles of the trace or a part of it: pictures in the page, files for pprof. And the trace as Perfetto's.
'use strict';

import {url} from '/show_data.js';
import {element, moment, replace} from '/show_dom.js';
import {address} from '/show_state.js';

const kinds = [['net', 'network'], ['sync', 'synchronisation'], ['syscall', 'system calls'], ['sched', 'waiting for a CPU'], ['cpu', 'execution']];
const perfettoPage = 'https://ui.perfetto.dev';
const answerLimitMs = 30000;

// Perfetto's page is asked until it answers, then gets the trace (its documentation: "Deep linking to the Perfetto UI").
async function openInPerfetto(title, message) {
  const page = window.open(perfettoPage);
  if (!page) {
    message.textContent = 'the browser did not open a window';
    return;
  }
  message.textContent = 'waiting for the page of Perfetto, which needs network ...';
  const buffer = await (await fetch(url('perfetto'))).arrayBuffer();
  const asking = setInterval(() => page.postMessage('PING', perfettoPage), 100);
  const giveUp = setTimeout(() => {
    clearInterval(asking);
    message.textContent = 'the page of Perfetto did not answer: is there network? The download works without.';
  }, answerLimitMs);
  window.addEventListener('message', function answered(event) {
    if (event.origin !== perfettoPage || event.data !== 'PONG')
      return;
    window.removeEventListener('message', answered);
    clearInterval(asking);
    clearTimeout(giveUp);
    page.postMessage({perfetto: {buffer, title}}, perfettoPage);
    message.textContent = 'opened';
  });
}

export async function profiles(main, info, state) {
  const of = state.of ?? 'sync';
  const part = {...(state.from ? {from: state.from, to: state.to} : {}), ...(state.group ? {group: state.group} : {})};
  const shown = state.picture ?? 'flame';
  const picture = url('picture', {of, picture: shown, ...part});
  const message = element('p', {class: 'weak', role: 'status'});
  const choice = (name, value, title) => element('a', {href: address({...state, page: 'profiles', [name]: value}),
    'aria-current': (name === 'of' ? of : shown) === value ? 'page' : null}, title);
  replace(main,
    element('nav', {'aria-label': 'profiles'}, kinds.map(([kind, title]) => choice('of', kind, title))),
    element('nav', {'aria-label': 'pictures'}, choice('picture', 'flame', 'flame graph'), choice('picture', 'graph', 'call graph')),
    element('p', {}, state.from ? `${moment(Number(state.from), 1)} to ${moment(Number(state.to), 1)}` : 'the whole trace', state.group ? `, threads of ${state.group}` : '', ': ',
      element('a', {href: url('profile', {of, ...part}), download: '', id: 'download'}, 'download for pprof (.pb.gz)'), ', ',
      element('a', {href: picture, target: '_blank'}, 'the picture alone')),
    element('iframe', {class: 'picture', title: `${shown} of ${of}`, src: picture}),
    element('h2', {}, 'Perfetto'),
    element('p', {}, element('a', {href: url('perfetto'), download: '', id: 'perfetto'}, 'download the trace as .pftrace'), ' or ',
      element('button', {type: 'button', onclick: () => openInPerfetto(info.test, message)}, 'open it in the page of Perfetto'), ' (needs network)'),
    message);
}
