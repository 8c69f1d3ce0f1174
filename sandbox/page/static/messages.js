// The list of messages: it stays at the newest one, unless its reader scrolled up.

import { aroundRefresh, refresh } from "./live.js";

const list = () => document.getElementById("messages");
let before = null;

function remember() {
  const box = list();
  if (!box) return;
  const fromEnd = box.scrollHeight - box.scrollTop;
  before = { fromEnd, atEnd: fromEnd - box.clientHeight < 80, newest: newest() };
}

function newest() {
  return list()?.querySelector("article:last-of-type")?.id;
}

function keepPlace() {
  const box = list();
  if (!box || !before) return;
  if (before.atEnd) toEnd();
  else if (newest() !== before.newest) document.getElementById("newer").hidden = false;
}

export function toEnd() {
  const box = list();
  if (!box) return;
  box.scrollTop = box.scrollHeight;
  document.getElementById("newer").hidden = true;
}

/** Earlier messages push the rest down; what was being read stays under the eye. */
async function showEarlier(link) {
  const fromEnd = list().scrollHeight - list().scrollTop;
  history.replaceState(null, "", link.href);
  await refresh();
  list().scrollTop = list().scrollHeight - fromEnd;
  list().focus({ preventScroll: true });
}

export function startMessages() {
  aroundRefresh({ before: remember, after: keepPlace });
  toEnd();
  document.addEventListener("click", (event) => {
    const earlier = event.target.closest("#earlier");
    if (earlier) {
      event.preventDefault();
      showEarlier(earlier);
    }
    if (event.target.closest("#newer")) toEnd();
  });
  // An image that arrives late makes its message taller; scroll events and loads do not bubble.
  document.addEventListener("load", (event) => event.target.closest?.("#messages") && before?.atEnd !== false && toEnd(), true);
  document.addEventListener("scroll", (event) => {
    if (event.target !== list()) return;
    remember();
    if (before.atEnd) document.getElementById("newer").hidden = true;
  }, true);
}
