// Says how many comments came in since the queue was opened; what is being read stays where it is.
"use strict";

(() => {
  const news = document.querySelector("[data-news]");
  const link = news.querySelector("a");
  const title = document.title;

  async function ask() {
    const answer = await fetch(news.dataset.news).catch(() => null);
    if (answer?.ok && !answer.redirected) {
      const { number, words } = await answer.json();
      news.querySelector("[data-words]").textContent = words;
      link.hidden = !number;
      document.title = number ? `(${number}) ${title}` : title;
    }
    setTimeout(ask, news.dataset.every * 1000);
  }
  setTimeout(ask, news.dataset.every * 1000);
})();
