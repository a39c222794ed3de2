// Live preview of slots, the length counter, counts that rise. The console works without any of it.
"use strict";

(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  document.documentElement.classList.add("scripted");

  // Replies: slots show up in the preview, in the text field and in the counter as they are typed.
  const fill = (text, values) =>
    text.replace(/\{([a-z][a-z0-9_]*)\}/g, (mark, name) => values[name] || mark);

  function fillPreview(card, values) {
    for (const slot of all("[data-slot]", card)) {
      slot.textContent = values[slot.dataset.slot] || slot.dataset.label;
      slot.classList.toggle("full", Boolean(values[slot.dataset.slot]));
    }
  }

  function livelyReply(card) {
    const field = one("[data-text]", card);
    const shown = one("[data-shown]", card);
    const inputs = all("[data-fills]", card);
    const values = () =>
      Object.fromEntries(inputs.map((input) => [input.dataset.fills, input.value.trim()]));
    let automatic = field?.value;

    const refresh = () => {
      const now = values();
      fillPreview(card, now);
      if (!field) return;
      // What the moderator typed is theirs: the field follows the slots until it is touched.
      if (field.value === automatic && shown) {
        automatic = fill(shown.value, now);
        field.value = automatic;
      }
      count(card, fill(field.value, now));
      const edited = one("[data-edited]", card);
      const original = shown ? fill(shown.value, now).trim() : "";
      if (shown) edited.hidden = fill(field.value, now).trim() === original;
    };

    for (const input of inputs) input.addEventListener("input", refresh);
    field?.addEventListener("input", refresh);
    if (field && shown && field.value !== shown.value) automatic = null;
    refresh();
  }

  function count(card, text) {
    const counter = one("[data-counter]", card);
    if (!counter) return;
    const limit = Number(counter.dataset.limit) || Infinity;
    const spaced = String(text.trim().length).replace(/\B(?=(\d{3})+$)/g, "\u00a0");
    one("[data-length]", counter).textContent = spaced;
    counter.classList.toggle("over", text.trim().length > limit);
  }

  all("[data-reply]").forEach(livelyReply);

  const chosenReply = () =>
    all("[data-reply]").find((card) => one("input[name=reply]", card).checked);

  function emptySlot() {
    const card = chosenReply();
    const text = card && (one("[data-text]", card) || one("[data-shown]", card)).value;
    return card && all("[data-fills]", card).find(
      (input) => !input.value.trim() && text.includes(`{${input.dataset.fills}}`));
  }

  const form = one("[data-review]");

  // Another language of the reply, or a preview, shows the page anew: it stays where it was.
  // (`form.action` would be the buttons called so.)
  const address = form?.getAttribute("action");
  const stays = (button) => /^(stay|language\..+)$/.test(button?.value);

  function rememberPlace(button) {
    const top = form.getBoundingClientRect().top;
    const focused = button.matches(":focus-visible") && button.value.startsWith("language.");
    sessionStorage.setItem("place", JSON.stringify({ address, top, focused }));
  }

  function returnToPlace() {
    const place = JSON.parse(sessionStorage.getItem("place"));
    sessionStorage.removeItem("place");
    if (place?.address !== address) return;
    if (place.focused) one("[aria-pressed=true]", form)?.focus({ preventScroll: true });
    window.scrollBy({ top: form.getBoundingClientRect().top - place.top, behavior: "instant" });
  }

  // One decision, however often the button is hit; an empty slot is asked for before sending.
  if (form) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      const missing = event.submitter?.value === "approve" && emptySlot();
      if (missing) {
        event.preventDefault();
        missing.focus();
        return;
      }
      form.dataset.sent = "yes";
      if (stays(event.submitter)) rememberPlace(event.submitter);
    });
    window.addEventListener("pageshow", () => delete form.dataset.sent);
    returnToPlace();
  }

  // What is wrong in the reply is selected where it stands: one keystroke takes it out.
  const faulty = one("[data-text][aria-invalid]");
  const wrong = faulty && one("[data-wrong]")?.textContent;
  if (wrong && faulty.value.includes(wrong)) {
    const from = faulty.value.indexOf(wrong);
    faulty.focus({ preventScroll: true });
    faulty.setSelectionRange(from, from + wrong.length);
    faulty.closest("[data-reply]").scrollIntoView({ block: "nearest" });
  }

  one(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  for (const select of all("[data-filters] select")) {
    select.addEventListener("change", () => {
      for (const field of select.form.elements) field.disabled = !field.value && !!field.name;
      select.form.requestSubmit();
    });
  }

  for (const button of all("[data-copy]")) {
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      button.textContent = button.dataset.copied;
    });
  }

  // Counts rise while one looks; what has the focus keeps it. Without scripts the page loads anew.
  const live = one("[data-live]");

  async function renew() {
    const answer = document.hidden ? null : await fetch(location.href).catch(() => null);
    if (answer?.ok && !answer.redirected) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = one("[data-live]", page);
      if (!fresh) return; // a form has come up: it stands still
      const at = live.contains(document.activeElement) && document.activeElement.getAttribute("href");
      live.replaceChildren(...fresh.childNodes);
      if (at) one(`a[href="${CSS.escape(at)}"]`, live)?.focus({ preventScroll: true });
    }
    setTimeout(renew, live.dataset.live * 1000);
  }
  if (live) setTimeout(renew, live.dataset.live * 1000);

  // A panel closes when one clicks beside it.
  document.addEventListener("click", (event) => {
    for (const panel of all(".account[open], .popup[open]")) {
      if (!panel.contains(event.target)) panel.open = false;
    }
  });
})();
