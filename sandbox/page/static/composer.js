// The composer: commands appear while you type a slash, Enter sends, and nothing typed gets lost.

import { act } from "./acting.js";
import { refresh } from "./live.js";
import { toEnd } from "./messages.js";

const { as: person, in: channel } = document.body.dataset;
const DRAFT = `draft:${person}:${channel}`;
let box, list, error;
let active = -1;

const options = () => [...list.querySelectorAll("[role=option]:not([hidden])")];

/** Which commands fit what is typed; after the name, the one command stays in sight for its usage. */
function suggest() {
  const [name, ...rest] = box.value.split(/\s/);
  const fits = (command) => (rest.length ? command === name : command.startsWith(name));
  for (const option of list.querySelectorAll("[role=option]")) {
    option.hidden = !box.value.startsWith("/") || !fits(option.dataset.command);
  }
  const found = options().length > 0;
  list.hidden = !found;
  box.setAttribute("aria-expanded", found);
  highlight(found && !rest.length ? 0 : -1);
}

function highlight(index) {
  active = index;
  options().forEach((option, number) => option.setAttribute("aria-selected", number === active));
  const option = options()[active];
  if (option) box.setAttribute("aria-activedescendant", option.id);
  else box.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

function put(text) {
  box.value = text;
  box.setSelectionRange(text.length, text.length);
  box.focus();
  changed();
}

function changed() {
  sessionStorage.setItem(DRAFT, box.value);
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 220)}px`;
  suggest();
}

function hideList() {
  list.hidden = true;
  box.setAttribute("aria-expanded", false);
  highlight(-1);
}

async function send() {
  const text = box.value.trim();
  if (!text) return;
  error.hidden = true;
  put("");
  toEnd();
  const outcome = await act("say", { text });
  if (!outcome.ok) giveBack(text, outcome.message);
  await refresh();
  toEnd();
}

function giveBack(text, message) {
  if (!box.value) {
    box.value = text;
    changed();
    hideList();
  }
  error.textContent = message;
  error.hidden = !message;
}

function onKey(event) {
  if (event.isComposing) return;
  const open = !list.hidden;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (open && step && active >= 0) {
    highlight((active + step + options().length) % options().length);
  } else if (open && event.key === "Tab" && active >= 0 && !event.shiftKey) {
    put(`${options()[active].dataset.command} `);
  } else if (open && event.key === "Escape") {
    hideList();
  } else if (event.key === "Enter" && !event.shiftKey) {
    if (open && active >= 0) box.value = options()[active].dataset.command;
    send();
  } else {
    return;
  }
  event.preventDefault();
}

export function startComposer() {
  document.addEventListener("click", (event) => {
    const offered = event.target.closest("[data-try]");
    if (offered && box) put(offered.dataset.try);
  });
  const form = document.getElementById("composer");
  if (!form) return;
  box = form.querySelector("textarea");
  list = form.querySelector("[role=listbox]");
  error = form.querySelector("[role=alert]");
  box.value = sessionStorage.getItem(DRAFT) ?? "";
  changed();
  hideList();
  box.addEventListener("input", changed);
  box.addEventListener("keydown", onKey);
  box.addEventListener("blur", () => setTimeout(hideList, 150));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) put(`${option.dataset.command} `);
  });
  if (!document.querySelector("#modal") && matchMedia("(hover: hover)").matches) box.focus();
}
