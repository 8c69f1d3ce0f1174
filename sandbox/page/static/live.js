// Keeping the page equal to the workspace: the server says "something changed", and the page fetches itself again.

import { placeToast, query, shelveToast, toast } from "./acting.js";
import { touchedSince } from "./touched.js";

const BREATH = 120; // milliseconds between drawings, so that a page does not keep a busy sandbox busy
const listeners = { before: [], after: [] };
let running = null;
let wanted = false;

/** Call `before` and `after` around each time that the page is drawn anew. */
export function aroundRefresh({ before, after }) {
  if (before) listeners.before.push(before);
  if (after) listeners.after.push(after);
}

/** Draw the page anew. Calls that come while one is under way share the next. */
export function refresh() {
  wanted = true;
  running ??= (async () => {
    while (wanted) {
      wanted = false;
      await drawOnce();
      if (wanted) await new Promise((resume) => setTimeout(resume, BREATH));
    }
  })().finally(() => {
    running = null;
  });
  return running;
}

async function drawOnce() {
  const startedAt = performance.now();
  const page = await fetchPage();
  if (!page) return;
  listeners.before.forEach((listener) => listener());
  shelveToast();
  morph(page, startedAt);
  listeners.after.forEach((listener) => listener());
  placeToast();
}

async function fetchPage() {
  try {
    const headers = document.hidden ? { "X-Not-Looking": "1" } : {};
    const answer = await fetch(location.href, { headers });
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  } catch {
    return null;
  }
}

function morph(page, startedAt) {
  document.title = page.title;
  // Its children: given an element, idiomorph would put that element inside ours.
  Idiomorph.morph(document.body, page.body.childNodes, {
    morphStyle: "innerHTML",
    // Idiomorph then leaves the words inside the focused element alone: right for a field, wrong for a button.
    ignoreActiveValue: Boolean(document.activeElement?.matches("input, select, textarea")),
    restoreFocus: true,
    callbacks: {
      beforeNodeMorphed: (old) => !(isOwn(old) || touchedSince(old, startedAt)),
      beforeNodeRemoved: (old) => !isOwn(old),
      beforeAttributeUpdated: (name, node) => !keeps(node, name),
    },
  });
}

/** Parts that the script fills, which the server draws once and then leaves alone. */
function isOwn(node) {
  return node instanceof Element && node.hasAttribute("data-static");
}

function keeps(node, name) {
  if (name === "open") return node.matches("dialog, [data-keep-open]");
  if (name === "hidden") return node.matches("[data-keep-hidden]");
  return name === "aria-busy";
}

export function startLive() {
  const events = new EventSource(`/live?${query()}`);
  let lost = false;
  events.addEventListener("ready", () => {
    if (lost) toast("");
    lost = false;
    refresh();
  });
  events.addEventListener("change", refresh);
  events.addEventListener("error", () => {
    if (!lost) toast(document.body.dataset.sayReconnecting, 0);
    lost = true;
  });
  window.addEventListener("pagehide", () => events.close());
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
  setInterval(() => document.hidden || refresh(), 20_000); // the clock on the page moves on by itself
}
