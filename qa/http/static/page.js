// Keys for those who have a keyboard; the page works without.
"use strict";

const question = document.getElementById("question");
const links = [...document.querySelectorAll(".citation a.open")];
const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

function move(step) {
  const at = links.findIndex((link) => link.closest(".citation").contains(document.activeElement));
  const to = at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step;
  if (to < 0 && question) return question.focus();
  const link = links[Math.min(to, links.length - 1)];
  if (!link) return;
  link.focus({ preventScroll: true });
  link.closest(".citation").scrollIntoView({ block: "nearest" });
}

function pressed(event) {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  if (key === "Escape") {
    if (typing(target)) target.blur();
    else if (question === null && history.length > 1) history.back();
    else if (question) question.focus();
    return true;
  }
  if (typing(target)) {
    // From the question down into its answers.
    if (key !== "ArrowDown" || target !== question || !links.length) return false;
    move(1);
    return true;
  }
  if (key === "/") {
    if (question) question.select(), question.focus();
    else location.assign("/");
    return true;
  }
  const among = target.closest(".citation") !== null;
  if (key === "j" || (key === "ArrowDown" && among)) move(1);
  else if (key === "k" || (key === "ArrowUp" && among)) move(-1);
  else return false;
  return links.length > 0;
}

document.addEventListener("keydown", (event) => {
  if (pressed(event)) event.preventDefault();
});

// An address to share names only the filters that are set.
document.querySelector("form.ask")?.addEventListener("submit", (event) => {
  for (const field of event.target.querySelectorAll(".fields input")) {
    field.disabled = field.value.trim() === "";
  }
});
// A page that the browser brings back from its memory has them still disabled.
addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll(".fields input")) field.disabled = false;
});

for (const hint of document.querySelectorAll(".keys")) hint.hidden = false;
