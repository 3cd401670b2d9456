/* A report: either amount fills the other, from what was done before the period (data-done of the cumulative).

   <input name="done" data-done="7400"> <input name="done_period">
   Without this file one of them is enough: the server computes the other. ES2019 at most. */
(function () {
  "use strict";

  function number(input) {
    var text = input.value.replace(/[,，\s]/g, "");
    return text === "" || isNaN(Number(text)) ? null : Number(text);
  }

  function plain(value) {
    return String(Math.round(value * 10000) / 10000);
  }

  document.addEventListener("DOMContentLoaded", function () {
    var done = document.querySelector("form [name=done][data-done]");
    var period = done && done.form.elements.done_period;
    if (!period) {
      return;
    }
    [done, period].forEach(function (input) {
      input.addEventListener("focus", function () { input.select(); }); /* what is typed replaces what stood there */
    });
    var base = Number(done.getAttribute("data-done"));
    function follow() {
      var value = number(period);
      if (value !== null) {
        done.value = plain(base + value);
        done.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }
    period.addEventListener("input", follow);
    if (number(done) === base) {
      follow(); /* typed before this file had arrived */
    }
    done.addEventListener("input", function (event) {
      if (event.isTrusted) {
        var value = number(done);
        period.value = value === null ? "" : plain(value - base);
      }
    });
  });
})();
