"use strict";
// A link leads to what may be folded away; on paper nothing is.
(() => {
  const open = (link) => {
    for (let each = link && document.getElementById(decodeURIComponent(link.slice(1))); each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
  };
  document.addEventListener("click", (event) => { const link = event.target.closest("a[href^='#']"); if (link) open(link.getAttribute("href")); });
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const each of opened) each.open = true;
  });
  window.addEventListener("afterprint", () => { for (const each of opened) each.open = false; });
})();
