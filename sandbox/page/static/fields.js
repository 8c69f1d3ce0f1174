// Fields and buttons that the app put on the page.
//
// What is typed goes to the server as it is typed, since the server holds the form.

import { act, toast } from "./acting.js";
import { confirmed } from "./confirm.js";
import { aroundRefresh, refresh } from "./live.js";
import { hold, touch } from "./touched.js";

const TYPED = "input[type=text], input[type=email], input[type=url], input[type=number], textarea";
const waiting = new Map();

/** Save what is still waiting for its writer to pause. */
export function flush() {
  return Promise.all([...waiting.keys()].map((id) => save(document.getElementById(id))));
}

function where(element) {
  return { surface: element.closest("[data-surface]").dataset.surface };
}

async function save(field, enter = false) {
  clearTimeout(waiting.get(field?.id));
  waiting.delete(field?.id);
  if (!field) return;
  const saving = { ...where(field), key: field.dataset.field, value: field.value, enter };
  await finished(field, act("fill-in", saving));
  if (field.ariaInvalid) refresh(); // its error goes away
}

async function finished(element, doing) {
  const outcome = await doing;
  if (!waiting.has(element.id)) touch(element);
  if (outcome.message) toast(outcome.message);
  return outcome;
}

function countAll() {
  document.querySelectorAll("[data-counter]").forEach(count);
}

function typed(field) {
  hold(field);
  countAll();
  clearTimeout(waiting.get(field.id));
  waiting.set(field.id, setTimeout(() => save(field), 300));
}

async function choose(field) {
  const holder = field.closest("[data-surface]");
  const values = [...holder.querySelectorAll("[data-field]")]
    .filter((each) => each.dataset.field === field.dataset.field)
    .filter((each) => !/^(radio|checkbox)$/.test(each.type) || each.checked)
    .map((each) => each.value);
  if (await confirmed(field)) {
    hold(field);
    await finished(field, act("press", { ...where(field), key: field.dataset.field, value: values }));
  }
  refresh();
}

async function press(button) {
  button.closest("details")?.removeAttribute("open");
  if (button.getAttribute("aria-busy") || !(await confirmed(button))) return;
  button.setAttribute("aria-busy", "true");
  await flush();
  const value = button.dataset.value ?? [];
  const outcome = await act("press", { ...where(button), key: button.dataset.press, value });
  button.removeAttribute("aria-busy");
  if (outcome.message) toast(outcome.message);
  refresh();
}

/** Count characters as Slack does: only when the limit comes near, and on below zero. */
function count(counter) {
  const field = document.getElementById(counter.dataset.counter);
  const { sayLeft, sayNeeded, sayOver } = document.body.dataset;
  const left = Number(field.dataset.max ?? Infinity) - field.value.length;
  const needed = field.value ? Number(field.dataset.min ?? 0) - field.value.length : 0;
  const words = left < 0 ? sayOver : needed > 0 ? sayNeeded : sayLeft;
  counter.hidden = left > Math.max(20, Number(field.dataset.max ?? 0) * 0.2) && needed <= 0;
  counter.textContent = words.replace("#", needed > 0 ? needed : Math.abs(left));
  counter.classList.toggle("over", left < 0);
}

export function startFields() {
  // The server draws counters empty: only the page knows what stands in a field at this moment.
  aroundRefresh({ after: countAll });
  countAll();
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-field]") && event.target.matches(TYPED)) typed(event.target);
  });
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (!field.matches("[data-field]")) return;
    if (!field.matches(TYPED)) choose(field);
    else if (waiting.has(field.id)) save(field);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-press]");
    if (button) press(button);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("[data-enter]")) return;
    if (event.target.matches("textarea") && event.shiftKey) return;
    event.preventDefault();
    save(event.target, true).then(refresh);
  });
}
