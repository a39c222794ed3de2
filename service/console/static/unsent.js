// Words that were typed and not sent are not lost without a question.
"use strict";

(() => {
  const form = document.querySelector("[data-review]");
  const dialog = document.getElementById("unsent");
  if (!form || !dialog) return;
  const all = (selector) => [...form.querySelectorAll(selector)];
  let free = false; // the words go along, or are given up

  const edited = (card) => {
    const text = card.querySelector("[data-text]")?.value.trim();
    const own = card.matches("[data-own]");
    return Boolean(text) && (own || !card.querySelector("[data-edited]")?.hidden);
  };

  function unsent() {
    const note = document.getElementById("note")?.value.trim();
    const aside = all("input[type=hidden]").some((field) => /^text\./.test(field.name));
    const slots = all("[data-fills]").some((field) => !field.disabled && field.value.trim());
    return Boolean(note) || aside || slots || all("[data-reply]").some(edited);
  }

  // One listener for all: the event of the last closing may come after the next question is asked.
  let leave;
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "leave") return;
    free = true;
    leave();
  });
  function ask(how) {
    leave = how;
    dialog.returnValue = "";
    dialog.showModal();
  }

  // The review form takes the words along, except when the comment is skipped.
  const carries = (event) => event.target === form && event.submitter?.value !== "skip";

  document.addEventListener("submit", (event) => {
    if (event.target.method === "dialog" || free) return;
    if (carries(event)) {
      if (!event.defaultPrevented) free = true;
    } else if (unsent()) {
      event.preventDefault();
      delete form.dataset.sent;
      ask(() => event.target.requestSubmit(event.submitter));
    }
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!link || link.target || link.hash || event.button || elsewhere || free || !unsent()) return;
    event.preventDefault();
    ask(() => location.assign(link.href));
  });

  window.addEventListener("beforeunload", (event) => {
    if (!free && unsent()) event.preventDefault();
  });
  window.addEventListener("pageshow", () => { free = false; });
})();
