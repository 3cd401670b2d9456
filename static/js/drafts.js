/* Drafts of a report: saved on the server while somebody types, on this device while the line is down.

   <form data-draft-url="/reports/7/draft/" data-draft-key="3-7">   key: person and report, for this device's copy
     [data-draft-offer hidden]   shown when this device keeps a copy that never reached the server, with
       [data-draft-time]         when it was typed,
       [data-draft-restore]      a button that puts it back,
       [data-draft-drop]         a button that forgets it
     input[name=version]         the version seen; the server answers the next one
     [data-draft-note]           says what was saved
   [data-draft-version]          the version in another form of the page
   [data-draft-done="3-7"]       on the page after submitting: the copy has served its purpose

   Without this file the form works the same, only without drafts. ES2019 at most. */
(function () {
  "use strict";

  var PAUSE = 2000;
  var PREFIX = "dujin-draft-";

  function read(key) {
    try {
      return JSON.parse(window.localStorage.getItem(PREFIX + key));
    } catch (error) {
      return null;
    }
  }

  function keep(key, values) {
    try {
      window.localStorage.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), values: values }));
      return true;
    } catch (error) {
      return false;
    }
  }

  function forget(key) {
    try {
      window.localStorage.removeItem(PREFIX + key);
    } catch (error) {
      /* A browser that keeps nothing has nothing to forget. */
    }
  }

  function fields(form) {
    return Array.prototype.filter.call(form.elements, function (field) {
      return field.name && field.type !== "hidden" && field.type !== "submit" && field.type !== "button";
    });
  }

  function typed(form) {
    var values = {};
    fields(form).forEach(function (field) {
      values[field.name] = field.value;
    });
    return values;
  }

  function differs(form, values) {
    var now = typed(form);
    return Object.keys(values).some(function (name) {
      return (now[name] || "") !== (values[name] || "");
    });
  }

  function two(number) {
    return number < 10 ? "0" + number : String(number);
  }

  function clock(moment) {
    return (moment.getMonth() + 1) + "月" + moment.getDate() + "日" + two(moment.getHours()) + ":" + two(moment.getMinutes());
  }

  function start(form) {
    var key = form.getAttribute("data-draft-key");
    var note = form.querySelector("[data-draft-note]");
    var version = form.elements.version;
    var timer = null;
    var sending = null; /* the save on its way; a submit waits for it, or it would meet its own draft */

    function say(text) {
      if (note) {
        note.textContent = text;
      }
    }

    function carry(next) {
      version.value = next;
      Array.prototype.forEach.call(document.querySelectorAll("[data-draft-version]"), function (other) {
        other.value = next;
      });
    }

    function save() {
      timer = null;
      if (sending) {
        later();
        return;
      }
      var sent = typed(form);
      sending = window.fetch(form.getAttribute("data-draft-url"), {
        method: "POST",
        body: new FormData(form),
        credentials: "same-origin",
        headers: { "X-Requested-With": "XMLHttpRequest", Accept: "application/json" }
      }).then(function (answer) {
        if (answer.redirected || (answer.headers.get("Content-Type") || "").indexOf("json") < 0) {
          throw new Error(String(answer.status));
        }
        return answer.json().then(function (said) {
          if (answer.ok) {
            carry(said.version);
            forget(key);
          } else {
            keep(key, sent);
          }
          say(said.message);
        });
      }).catch(function () {
        say(keep(key, sent)
          ? "网络不通，内容已暂存在这台设备上，联网后会自动保存"
          : "草稿暂未保存，请检查网络；您填写的内容仍在本页");
      }).then(function () {
        sending = null;
      });
    }

    function later() {
      window.clearTimeout(timer);
      timer = window.setTimeout(save, PAUSE);
    }

    form.addEventListener("input", later);
    window.addEventListener("online", function () {
      if (read(key)) {
        later();
      }
    });

    form.addEventListener("submit", function (event) {
      var button = event.submitter;
      window.clearTimeout(timer);
      keep(key, typed(form));
      if (sending) {
        event.preventDefault();
        sending.then(function () {
          form.requestSubmit(button || undefined);
        });
      }
    });

    offer(form, key, later);
  }

  function offer(form, key, later) {
    var box = form.querySelector("[data-draft-offer]");
    var kept = read(key);
    if (!box || !kept || !differs(form, kept.values)) {
      return;
    }
    box.querySelector("[data-draft-time]").textContent = clock(new Date(kept.at));
    box.hidden = false;
    box.querySelector("[data-draft-restore]").addEventListener("click", function () {
      fields(form).forEach(function (field) {
        if (field.name in kept.values) {
          field.value = kept.values[field.name];
        }
      });
      box.hidden = true;
      later();
    });
    box.querySelector("[data-draft-drop]").addEventListener("click", function () {
      forget(key);
      box.hidden = true;
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    Array.prototype.forEach.call(document.querySelectorAll("form[data-draft-url]"), start);
    Array.prototype.forEach.call(document.querySelectorAll("[data-draft-done]"), function (mark) {
      forget(mark.getAttribute("data-draft-done"));
    });
  });
})();
