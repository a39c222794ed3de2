// A label put right: the page is shown anew with the replies that fit it. Without scripts a button does.
"use strict";

(() => {
  const form = document.querySelector("[data-review]");
  const stay = form?.querySelector("[name=action][value=stay]");
  const changed = new Set();

  // Whoever turns through the labels by keys has not chosen before the select box is left.
  for (const select of document.querySelectorAll("select[form=review][name^='label.']")) {
    const settle = () => changed.delete(select) && form.requestSubmit(stay);
    select.addEventListener("change", () => {
      changed.add(select);
      if (select !== document.activeElement) settle();
    });
    select.addEventListener("blur", settle);
  }
})();
