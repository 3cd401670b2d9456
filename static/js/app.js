/* Small comforts. Every page works without this file. ES2019 at most; no inline handlers anywhere. */
(function () {
  "use strict";

  function each(selector, act, root) {
    Array.prototype.forEach.call((root || document).querySelectorAll(selector), act);
  }

  /* ---- Sending a form: ask first, send once ---- */

  function submitter(event) {
    return event.submitter || (document.activeElement && document.activeElement.form === event.target
      ? document.activeElement : null);
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    var button = submitter(event);
    var question = (button && button.getAttribute("data-confirm")) || form.getAttribute("data-confirm");
    if (question && !window.confirm(question)) {
      event.preventDefault();
      return;
    }
    if (form.method !== "post" || event.defaultPrevented) {
      return;
    }
    if (form.hasAttribute("data-sent")) {
      event.preventDefault();
      return;
    }
    form.setAttribute("data-sent", "");
    if (form.hasAttribute("data-download")) {
      /* The answer is a file and this page stays: the button comes back by itself. */
      window.setTimeout(release, 3000, form);
    }
    /* After this turn, so that the pressed button's own name and value are still sent. */
    window.setTimeout(function () {
      each("button[type=submit], button:not([type])", function (other) {
        other.setAttribute("aria-disabled", "true");
      }, form);
      if (button) {
        button.classList.add("is-busy");
      }
    }, 0);
  });

  function release(form) {
    form.removeAttribute("data-sent");
    each("[aria-disabled]", function (button) {
      button.removeAttribute("aria-disabled");
      button.classList.remove("is-busy");
    }, form);
  }

  /* Back from the next page: the browser shows this one as it was left. */
  window.addEventListener("pageshow", function () {
    each("form[data-sent]", release);
  });

  document.addEventListener("htmx:afterRequest", function (event) {
    var form = event.target.closest ? event.target.closest("form[data-sent]") : null;
    if (form) {
      release(form);
    }
  });

  /* ---- Menus: close on Esc and on a press elsewhere ---- */

  document.addEventListener("click", function (event) {
    each("details.menu[open], details.tip[open]", function (details) {
      if (!details.contains(event.target)) {
        details.open = false;
      }
    });
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") {
      return;
    }
    each("details.menu[open], details.tip[open]", function (details) {
      details.open = false;
      if (details.contains(document.activeElement)) {
        details.querySelector("summary").focus();
      }
    });
  });

  /* ---- Table rows that lead somewhere: <tr data-href>. The link in the row stays the way for keyboards. ---- */

  document.addEventListener("click", function (event) {
    var row = event.target.closest("tr[data-href]");
    if (!row || event.defaultPrevented || event.target.closest("a, button, input, select, textarea, label, summary")) {
      return;
    }
    if (String(window.getSelection())) {
      return;
    }
    if (event.ctrlKey || event.metaKey) {
      window.open(row.getAttribute("data-href"), "_blank", "noopener");
    } else {
      window.location.href = row.getAttribute("data-href");
    }
  });

  /* ---- Keys: data-hotkey="n j ]" presses a link or button, or goes to a field; "/" goes to the search field.
     A key that is held down presses nothing. ---- */

  /* A tick box takes no letters: the keys of the page work on it. */
  function typesInto(element) {
    return /^(SELECT|TEXTAREA)$/.test(element.tagName) ||
      (element.tagName === "INPUT" && !/^(checkbox|radio|button|submit)$/.test(element.type));
  }

  document.addEventListener("keydown", function (event) {
    var target = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || target.isContentEditable || typesInto(target)) {
      return;
    }
    if (event.key === "/") {
      var search = document.querySelector("[data-filters] input[type=search], [data-filters] input[type=text]");
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      }
      return;
    }
    each("[data-hotkey]", function (element) {
      if (element.getAttribute("data-hotkey").split(" ").indexOf(event.key.toLowerCase()) < 0) {
        return;
      }
      event.preventDefault();
      if (typesInto(element)) {
        element.focus();
      } else {
        element.click();
      }
    });
  });

  /* ---- Figures: what the number means while it is typed ----
     <input data-plan="12000" data-planned="9000" data-done="7400" data-prior="3000" data-total="30000"
            data-live="id of the hint">
     all in 万元; data-plan = annual plan, data-planned = what should be done by now, data-done = last accepted figure. */

  function plain(number) {
    var parts = (Math.round(number * 100) / 100).toString().split(".");
    parts[0] = parts[0].replace(/\B(?=(\d{3})+(?!\d))/g, ",");
    return parts.join(".");
  }

  function figure(input, name) {
    var text = input.getAttribute("data-" + name);
    return text === null || text === "" ? null : Number(text);
  }

  function explain(input) {
    var hint = document.getElementById(input.getAttribute("data-live"));
    if (!hint) {
      return;
    }
    var text = input.value.replace(/[,，\s]/g, "");
    var value = Number(text);
    var plan = figure(input, "plan");
    var planned = figure(input, "planned");
    var done = figure(input, "done");
    var prior = figure(input, "prior");
    var total = figure(input, "total");
    var said = [];
    var warn = false;
    if (text !== "" && isNaN(value)) {
      said.push("请只填数字，单位为万元");
      warn = true;
    } else if (text !== "") {
      if (Math.abs(value) >= 10000) {
        said.push("即 " + plain(value / 10000) + " 亿元");
      }
      if (plan) {
        said.push("完成年度计划的 " + (value / plan * 100).toFixed(1) + "%");
        if (value / plan > 1.3) {
          said.push("超过年度计划较多，请核对单位是否为万元");
          warn = true;
        }
      }
      if (planned) {
        if (value < planned) {
          said.push("比应完成少 " + plain(planned - value) + " 万元");
        } else {
          said.push("比应完成多 " + plain(value - planned) + " 万元");
        }
      }
      if (done !== null) {
        if (value < done) {
          said.push("比上期减少 " + plain(done - value) + " 万元，需说明原因");
          warn = true;
        } else {
          said.push("本期新增 " + plain(value - done) + " 万元");
        }
      }
      if (total && prior !== null && prior + value > total) {
        said.push("自开工累计 " + plain(prior + value) + " 万元，超过总投资");
        warn = true;
      }
    }
    hint.textContent = said.join("；");
    hint.classList.toggle("field__live--warn", warn);
  }

  document.addEventListener("input", function (event) {
    if (event.target.hasAttribute("data-live")) {
      explain(event.target);
    }
  });

  /* ---- Tick all, print ---- */

  document.addEventListener("change", function (event) {
    var name = event.target.getAttribute("data-check-all");
    if (name) {
      each("input[type=checkbox][name='" + name + "']:not([disabled])", function (box) {
        box.checked = event.target.checked;
      });
    }
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) {
      window.print();
    }
  });

  /* ---- After loading: go to the first error; explain figures already there ---- */

  document.addEventListener("DOMContentLoaded", function () {
    var first = document.querySelector("[data-focus]") || document.querySelector("[aria-invalid=true]");
    if (first) {
      first.focus();
    }
    each("[data-live]:not([aria-invalid])", explain);
  });

  var skip = document.querySelector(".skip-link");
  if (skip) {
    skip.addEventListener("click", function () {
      document.getElementById("main").focus();
    });
  }
})();
