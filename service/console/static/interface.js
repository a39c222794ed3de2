// Shows the OpenAPI document with Swagger UI; keys that are typed in stay in this page.
"use strict";

(() => {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const dress = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
  dark.addEventListener("change", dress);
  dress();

  const place = document.getElementById("interface");
  window.SwaggerUIBundle({
    domNode: place,
    url: place.dataset.document,
    deepLinking: true,
    validatorUrl: null,
  });
})();
