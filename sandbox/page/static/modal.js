// Modals: the browser's own <dialog> traps focus and makes the rest inert; this opens it, submits it and closes it.

import { act } from "./acting.js";
import { flush } from "./fields.js";
import { aroundRefresh, refresh } from "./live.js";

const FIELDS = "input, select, textarea, summary";
let shownView = null;
let opener = null;

/** After each drawing: open what the app opened, and give focus back after what it closed. */
function follow() {
  const modal = document.getElementById("modal");
  if (modal) show(modal);
  else if (shownView) leave();
}

function show(modal) {
  if (!modal.open) {
    opener = document.activeElement?.id || opener;
    modal.showModal();
    modal.addEventListener("cancel", (event) => {
      event.preventDefault();
      close("one");
    });
  }
  if (modal.dataset.view !== shownView) complain(modal, "");
  const lost = !modal.contains(document.activeElement) && !document.querySelector("#confirm[open]");
  if (modal.dataset.view !== shownView || lost) focusFirst(modal);
  shownView = modal.dataset.view;
}

function focusFirst(modal) {
  const body = modal.querySelector("#modal-body");
  const first = body.querySelector("[data-first]") ?? body.querySelector(FIELDS);
  (first ?? modal.querySelector("#modal-submit") ?? body).focus();
}

function leave() {
  shownView = null;
  const back = document.getElementById(opener) ?? document.getElementById("composer-text");
  back?.focus();
  opener = null;
}

async function close(which) {
  await flush();
  const { surface } = document.getElementById("modal").dataset;
  await act("close", { surface, all: which === "all" });
  refresh();
}

async function submit(modal) {
  const button = modal.querySelector("#modal-submit");
  if (!button || button.disabled || button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  complain(modal, "");
  await flush();
  const outcome = await act("submit", { surface: modal.dataset.surface });
  await refresh();
  button.removeAttribute("aria-busy");
  complain(modal, outcome.message ?? "");
  document.querySelector("#modal [aria-invalid=true]")?.focus();
}

function complain(modal, message) {
  const line = modal.querySelector("#modal-error");
  line.textContent = message;
  line.hidden = !message;
}

export function startModal() {
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "modal-form") return;
    event.preventDefault();
    submit(event.target.closest("dialog"));
  });
  document.addEventListener("click", (event) => {
    const which = event.target.closest("[data-close-view]")?.dataset.closeView;
    if (which) close(which);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const modal = event.target.closest("#modal");
    if (modal) submit(modal);
  });
  aroundRefresh({ after: follow });
  follow();
}
