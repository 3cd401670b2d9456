/* The slides of the large screen, one at a time: they turn by themselves until somebody stops them. Who asks for less
   motion turns them by hand. Without this file all slides stand below each other. */
(function () {
  "use strict";

  var screen = document.getElementById("screen");
  var slides = Array.prototype.slice.call(screen.querySelectorAll(".slide"));
  var place = screen.querySelector("[data-slide-place]");
  var pause = screen.querySelector("[data-slide='pause']");
  var seconds = Number(screen.getAttribute("data-seconds"));
  var shown = Math.max(0, slides.findIndex(function (slide) { return "#" + slide.id === location.hash; }));
  var isTurning = !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  var timer = null;

  if (slides.length < 2 || window.matchMedia("(max-width: 719px)").matches) {
    return;
  }

  function show() {
    slides.forEach(function (slide, index) {
      slide.hidden = index !== shown;
    });
    place.textContent = "第" + (shown + 1) + "页，共" + slides.length + "页";
  }

  function wait() {
    window.clearTimeout(timer);
    pause.textContent = isTurning ? "暂停" : "继续";
    if (isTurning) {
      timer = window.setTimeout(function () { turn(1); }, seconds * 1000);
    }
  }

  function turn(by) {
    shown = (shown + by + slides.length) % slides.length;
    show();
    wait();
  }

  var acts = {
    back: function () { turn(-1); },
    next: function () { turn(1); },
    pause: function () {
      isTurning = !isTurning;
      wait();
    }
  };

  screen.querySelectorAll("[data-slide]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", acts[button.getAttribute("data-slide")]);
  });
  screen.classList.add("is-running");
  show();
  wait();
}());
