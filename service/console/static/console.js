// Keyboard, live preview of slots, and the length counter. The console works without any of it.
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

  // Keyboard: by place on the keyboard, so that Kazakh and Russian layouts work alike.
  const help = one("#keys");
  const enabled = one("#keys-on");
  if (enabled) {
    enabled.checked = localStorage.getItem("keys") !== "off";
    enabled.addEventListener("change", () =>
      localStorage.setItem("keys", enabled.checked ? "on" : "off"));
  }
  one("[data-shortcuts]")?.addEventListener("click", () => help.showModal());

  function move(step) {
    const links = all("[data-rows] .row-link");
    if (!links.length) return false;
    const at = links.indexOf(document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step;
    links[Math.min(Math.max(next, 0), links.length - 1)].focus();
    return true;
  }

  function choose(number) {
    const card = all("[data-reply]:not([data-own])")[number - 1];
    if (!card) return false;
    const radio = one("input[name=reply]", card);
    radio.checked = true;
    radio.focus();
    card.scrollIntoView({ block: "nearest" });
    return true;
  }

  // Left on the button, the first letters of one's own words would be taken for shortcuts.
  const own = one("[data-own] input[name=reply]");
  own?.addEventListener("click", edit);

  function chooseOwn() {
    if (!own || own.disabled) return false;
    own.click();
    return true;
  }

  function edit() {
    const card = chosenReply();
    if (!card) return false;
    const more = one("details.edit", card);
    if (more) more.open = true;
    const field = one("[data-text]", card);
    if (!field) return false;
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
    return true;
  }

  function press(selector) {
    const found = one(selector);
    if (!found || found.disabled) return false;
    found.click();
    return true;
  }

  function popUp(selector) {
    const panel = one(selector);
    if (!panel) return false;
    panel.open = true;
    one("select, textarea", panel).focus();
    return true;
  }

  const filter = () => {
    const first = one("[data-filters] select");
    first?.focus();
    return Boolean(first);
  };

  const actions = {
    KeyJ: () => move(1),
    ArrowDown: () => move(1),
    KeyK: () => move(-1),
    ArrowUp: () => move(-1),
    Digit0: chooseOwn,
    Digit1: () => choose(1),
    Digit2: () => choose(2),
    Digit3: () => choose(3),
    KeyE: edit,
    KeyA: () => press("[data-approve]"),
    KeyR: () => popUp("[data-reject]"),
    KeyS: () => popUp("[data-escalate]"),
    KeyN: () => press("[data-skip]") || press("[data-next]") || press("[data-next-page]"),
    Slash: filter,
  };

  const typing = (element) =>
    element.matches("textarea, select, input:not([type=radio], [type=checkbox])");

  function leave(element) {
    for (const panel of all(".account[open], .popup[open]")) panel.open = false;
    if (typing(element)) element.blur();
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || help?.open) return;
    if (event.key === "Escape") {
      leave(event.target);
      return;
    }
    if (typing(event.target)) {
      const sending = event.key === "Enter" && (event.ctrlKey || event.metaKey);
      const button = event.target.closest(".popup")?.querySelector("button");
      if (sending && button) button.click();
      else if (sending && form) press("[data-approve]");
      if (sending) event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !enabled?.checked) return;
    const asks = event.key === "?" || (event.shiftKey && event.code === "Slash");
    if (asks) {
      help.showModal();
      event.preventDefault();
      return;
    }
    if (event.shiftKey) return;
    if (event.code.startsWith("Arrow") && event.target.matches("input[type=radio]")) return;
    if (actions[event.code]?.()) event.preventDefault();
  });
})();
