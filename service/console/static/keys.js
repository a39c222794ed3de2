// Keyboard: by place on the keyboard, so that Kazakh and Russian layouts work alike.
"use strict";

(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

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

  // Replies.
  const chosenReply = () =>
    all("[data-reply]").find((card) => one("input[name=reply]", card).checked);

  function show(card, focused) {
    focused.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  }

  function choose(number) {
    const card = all("[data-reply]:not([data-own])")[number - 1];
    if (!card) return false;
    const radio = one("input[name=reply]", card);
    radio.checked = true;
    show(card, radio);
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
    show(card, field);
    field.setSelectionRange(field.value.length, field.value.length);
    return true;
  }

  // Nothing is approved that is not on the screen: what is wanted there is shown first.
  function isSeen(element) {
    const top = one(".top").getBoundingClientRect().bottom;
    const bottom = one("[data-bar]")?.getBoundingClientRect().top ?? innerHeight;
    const box = element.getBoundingClientRect();
    const seen = Math.min(box.bottom, bottom) - Math.max(box.top, top);
    return seen >= Math.min(box.height, 0.9 * (bottom - top)) - 1;
  }

  function approve() {
    const button = one("[data-approve]");
    if (!button || button.disabled) return false;
    const card = chosenReply();
    const field = card?.contains(document.activeElement) && typing(document.activeElement)
      ? document.activeElement : null;
    if (!card || isSeen(field ?? card)) {
      button.click();
      return true;
    }
    const empty = all("[data-fills]", card).find((input) => !input.value.trim());
    show(field ?? card, field ?? empty ?? one("input", card));
    return true;
  }

  // Panels: why there is no reply, and who else has to decide.
  function press(selector) {
    const found = one(selector);
    if (!found || found.disabled) return false;
    found.click();
    return true;
  }

  function popUp(name) {
    const panel = one(`[data-key="${name}"]`);
    if (!panel) return false;
    for (const other of all(".popup[open]")) other.open = other === panel;
    panel.open = true;
    (one("input:checked", panel) ?? one("input, textarea", panel)).focus();
    return true;
  }

  const rejecting = () => one("[data-reject][open]");

  function giveReason(number) {
    const radio = all("[data-reject] input")[number - 1];
    if (!radio) return false;
    radio.checked = true;
    radio.focus();
    return true;
  }

  function sendRejection() {
    if (one("[data-reject] input:checked")) return press("[data-reject] button");
    one("[data-reject] input").focus();
    return true;
  }

  const filter = () => {
    const fold = one("#filters-shown");
    if (fold) fold.checked = true;
    const first = one("[data-filters] select") ?? one("#find");
    first?.focus();
    return Boolean(first);
  };

  const actions = {
    KeyJ: () => move(1),
    ArrowDown: () => move(1),
    KeyK: () => move(-1),
    ArrowUp: () => move(-1),
    Digit0: chooseOwn,
    KeyE: edit,
    KeyA: approve,
    KeyD: () => press("[data-alike]"),
    KeyR: () => popUp("reject"),
    KeyS: () => popUp("escalate"),
    KeyN: () => press("[data-skip]") || press("[data-next]") || press("[data-next-page]"),
    Slash: filter,
  };

  for (const number of [1, 2, 3, 4, 5, 6, 7, 8]) {
    actions[`Digit${number}`] = () => choose(number);
  }

  // While a reason is asked for, keys mean reasons: none of them approves.
  const onButton = () => document.activeElement.matches("button, summary, a");
  const reasons = {
    KeyR: actions.KeyR, KeyS: actions.KeyS, Enter: () => !onButton() && sendRejection(),
  };
  for (const number of [1, 2, 3, 4, 5, 6]) reasons[`Digit${number}`] = () => giveReason(number);

  // A select box keeps the keyboard only for those who came to it with the keyboard.
  const isOpen = (select) => CSS.supports("selector(:open)") && select.matches(":open");
  let turned = null; // the select box whose value the keyboard has just changed

  document.addEventListener("change", (event) => {
    if (event.target.matches("select") && event.target !== turned) event.target.blur();
  });
  document.addEventListener("pointerdown", () => { turned = null; });

  const typing = (element) => element.matches("select")
    ? isOpen(element) || element.matches(":focus-visible")
    : element.matches("textarea, input:not([type=radio], [type=checkbox])");

  function inSelect(event) {
    if (event.key === "Enter" && turned === event.target && !isOpen(event.target)) {
      event.target.blur();
      event.preventDefault();
    }
    const opens = event.altKey || ["Enter", " ", "Tab", "F4"].includes(event.key);
    turned = opens || isOpen(event.target) ? null : event.target;
  }

  function leave(element) {
    for (const panel of all(".account[open], .popup[open]")) panel.open = false;
    if (typing(element) || element.matches("select, .popup *")) element.blur();
  }

  function sends(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return false;
    if (event.repeat) return true;
    if (onButton()) return false;
    const panel = event.target.closest(".popup");
    if (rejecting() && (panel === rejecting() || !typing(event.target))) return sendRejection();
    if (!panel) return approve();
    one("button", panel)?.click();
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || one("dialog[open]")) return;
    if (event.key === "Escape") {
      leave(event.target);
      return;
    }
    if (sends(event)) {
      event.preventDefault();
      return;
    }
    if (event.target.matches("select")) inSelect(event);
    if (typing(event.target)) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !enabled?.checked) return;
    const asks = event.key === "?" || (event.shiftKey && event.code === "Slash");
    if (asks) {
      help.showModal();
      event.preventDefault();
      return;
    }
    if (event.shiftKey) return;
    if (event.code.startsWith("Arrow") && event.target.matches("input[type=radio], select")) return;
    const done = (rejecting() ? reasons : actions)[event.code]?.();
    // A letter that is no shortcut would choose by its first letter in a select box.
    if (done || (event.target.matches("select") && event.key.length === 1)) event.preventDefault();
  });
})();
