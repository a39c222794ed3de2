// A label put right: the page is shown anew with the replies that fit it. Without scripts a button does.
"use strict";

(() => {
  const form = document.querySelector("[data-review]");
  const stay = form?.querySelector("[name=action][value=stay]");
  const labels = [...document.querySelectorAll("select[form=review][name^='label.']")];

  for (const select of labels) {
    select.addEventListener("change", () => {
      sessionStorage.setItem("relabelled", select.id);
      form.requestSubmit(stay);
    });
  }

  const last = sessionStorage.getItem("relabelled");
  sessionStorage.removeItem("relabelled");
  labels.find((select) => select.id === last)?.focus({ preventScroll: true });
})();
