/* The sections of a long page: on a telephone they begin folded, on a desk open. Without this file all are open. */
(function () {
  "use strict";

  var sections = Array.prototype.slice.call(document.querySelectorAll("details.section"));

  function reveal() {
    var target = location.hash && document.getElementById(location.hash.slice(1));
    var section = target && target.closest("details.section");
    if (section) {
      section.open = true;
      section.scrollIntoView();
    }
  }

  if (window.matchMedia("screen and (max-width: 719px)").matches) {
    sections.slice(2).forEach(function (section) {
      section.open = false;
    });
  }
  window.addEventListener("hashchange", reveal);
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[href^='#']");
    if (link && link.getAttribute("href") === location.hash) {
      reveal(); /* the address does not change, the section may be folded again */
    }
  });
  reveal();
}());
