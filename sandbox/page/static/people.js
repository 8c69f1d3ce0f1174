// The switcher of persons, the drawer on a phone, and menus that close when you look elsewhere.

import { query } from "./acting.js";

const dialog = () => document.getElementById("people-dialog");
const search = () => document.getElementById("people-search");

/** Answers may overtake each other; only the one to what stands there now counts. */
async function fill() {
  const asked = search().value;
  const answer = await fetch(`/people?${query({ q: asked })}`);
  const list = await answer.text();
  if (asked === search().value) document.getElementById("people-list").innerHTML = list;
}

function step(event) {
  const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const links = [...dialog().querySelectorAll("a")];
  if (event.key === "Enter" && event.target === search()) links[0]?.click();
  if (!move) return;
  event.preventDefault();
  const next = links.indexOf(document.activeElement) + move;
  (next < 0 ? search() : links[Math.min(next, links.length - 1)])?.focus();
}

export function startPeople() {
  search().addEventListener("input", fill);
  dialog().addEventListener("keydown", step);
  dialog().addEventListener("click", (event) => event.target === dialog() && dialog().close());
  document.addEventListener("click", async (event) => {
    if (event.target.closest("[data-open-people]")) {
      search().value = "";
      dialog().showModal();
      search().focus();
      await fill();
    }
    event.target.closest("[data-close-dialog]")?.closest("dialog").close();
  });
}

function drawer(open) {
  document.body.classList.toggle("drawer-is-open", open);
  document.getElementById(open ? "me" : "drawer-open").focus();
}

export function startMenus() {
  document.addEventListener("click", (event) => {
    const wanted = event.target.closest("[data-drawer]")?.dataset.drawer;
    if (wanted) drawer(wanted === "open");
    closeMenus(event.target);
  });
  // A menu at the end of a list would open out of sight. Toggling does not bubble.
  document.addEventListener("toggle", (event) => {
    if (event.target.open) event.target.querySelector(".menu")?.scrollIntoView({ block: "nearest" });
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest?.("details[open][data-keep-open]");
    if (menu) {
      event.preventDefault(); // the modal around it stays
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    } else if (document.body.classList.contains("drawer-is-open") && !document.querySelector("dialog[open]")) {
      drawer(false);
    }
  });
}

function closeMenus(target) {
  for (const menu of document.querySelectorAll("details[open][data-keep-open]")) {
    if (!menu.contains(target)) menu.removeAttribute("open");
  }
}
