// Sending what a person does to the server, in the order in which they did it.

const { as: person, in: channel, lang } = document.body.dataset;

const last = new Map();

/** Do something as the person of this tab. Resolves to {ok, message}; never throws.
 *
 * Acts on one form or message wait for each other, so that what was typed arrives before what was pressed. */
export function act(name, values = {}) {
  const before = values.surface ? last.get(values.surface) : null;
  const mine = before ? before.then(() => post(name, values)) : post(name, values);
  if (values.surface) last.set(values.surface, mine);
  return mine;
}

export function query(extra = {}) {
  return new URLSearchParams({ as: person, in: channel, lang, ...extra });
}

async function post(name, values) {
  const body = query();
  for (const [key, value] of Object.entries(values)) {
    for (const each of [value].flat()) body.append(key, each);
  }
  try {
    const answer = await fetch(`/do/${name}`, { method: "POST", body });
    return answer.ok ? await answer.json() : failed();
  } catch {
    return failed();
  }
}

function failed() {
  return { ok: false, unreachable: true, message: document.body.dataset.sayNotSent };
}

let hiding;

const box = () => document.getElementById("toast");

/** Say something that has no place of its own on the page. */
export function toast(message, milliseconds = 7000) {
  clearTimeout(hiding);
  box().textContent = message ?? "";
  box().hidden = !message;
  placeToast();
  if (message && milliseconds) hiding = setTimeout(() => toast(""), milliseconds);
}

/** A modal lies over everything else and makes it inert; a message about it has to lie inside it. */
export function placeToast() {
  const front = box().hidden ? null : document.querySelector("dialog[open]");
  const place = front ?? document.body;
  if (box().parentElement !== place) place.append(box());
}

/** Out of the modal, before a drawing may take that modal away. */
export function shelveToast() {
  if (box().parentElement !== document.body) document.body.append(box());
}
