// The question an app may have asked before something is done.

/** Ask what the app wants asked before this. Resolves to true when there is nothing to ask. */
export function confirmed(element) {
  if (!element.dataset.confirm) return Promise.resolve(true);
  const asked = JSON.parse(element.dataset.confirm);
  const dialog = document.getElementById("confirm");
  const [deny, confirm] = dialog.querySelectorAll("button");
  dialog.querySelector("h2").textContent = asked.title ?? "";
  dialog.querySelector("p").textContent = asked.text ?? "";
  deny.textContent = asked.deny;
  confirm.textContent = asked.confirm;
  confirm.className = `button button-${asked.style}`;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "confirm"), { once: true });
  });
}

export function startConfirm() {
  document.getElementById("confirm").addEventListener("click", (event) => {
    if (event.target.value) event.currentTarget.close(event.target.value);
  });
}
