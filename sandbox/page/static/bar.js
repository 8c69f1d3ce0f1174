// The bar at the top: the clock's jumps, the tip for newcomers, and telling the app that its tab was opened.

import { act, toast } from "./acting.js";
import { refresh } from "./live.js";

const TIP = "tip-put-away";

async function jump(values) {
  const outcome = await act("jump", values);
  if (outcome.message) toast(outcome.message);
  document.getElementById("bar-time").removeAttribute("open");
  await refresh();
}

function showTip() {
  const tip = document.getElementById("hint");
  if (tip) tip.hidden = localStorage.getItem(TIP) !== null;
}

export function startBar() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-jump]");
    if (button) jump({ jump: button.dataset.jump });
    if (event.target.closest("[data-dismiss-hint]")) {
      localStorage.setItem(TIP, "1");
      showTip();
    }
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "jump-form") return;
    event.preventDefault();
    jump({ moment: event.target.elements.moment.value });
  });
  // The click and not the toggle, which comes later and would undo what was typed by then.
  document.querySelector("#bar-time summary").addEventListener("click", (event) => {
    const now = document.getElementById("clock").getAttribute("datetime");
    event.currentTarget.parentElement.querySelector("input").value = now;
  });
  showTip();
  const tab = document.body.dataset.appTab;
  if (tab) act("open", { tab }).then(refresh);
}
