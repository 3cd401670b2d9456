/* Full screen for one element and back, where the browser allows it; without this file the button stays hidden. */
(function () {
  "use strict";
  if (!document.fullscreenEnabled) { return; }
  document.querySelectorAll("[data-full-screen]").forEach(function (button) {
    var target = document.getElementById(button.getAttribute("data-full-screen"));
    if (!target) { return; }
    button.hidden = false;
    button.addEventListener("click", function () {
      if (document.fullscreenElement) { document.exitFullscreen(); return; }
      target.requestFullscreen().then(function () { target.focus(); });
    });
  });
})();
