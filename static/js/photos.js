/* Photos of a report: made smaller here and sent at once, one after another; kept and sent again after a lost line.

   <div data-photos-url="/reports/7/photos/">      with
     [data-photos-list]      the list of what has arrived,
     input[type=file]        what is chosen; sent with the form itself where this file does not run,
     [data-photos-said]      what is going on.
   Each answer brings the token with which that photo may be taken away again. ES2019 at most. */
(function () {
  "use strict";

  var LONGEST = 1600;
  var QUALITY = 0.8;
  var SMALL_ENOUGH = 400 * 1024;

  function smaller(file) {
    if (file.size <= SMALL_ENOUGH || !/^image\/(jpeg|png|webp)$/.test(file.type)) {
      return Promise.resolve(file);
    }
    return new Promise(function (resolve) {
      var image = new Image();
      var url = URL.createObjectURL(file);
      image.onload = function () {
        var share = Math.min(1, LONGEST / Math.max(image.naturalWidth, image.naturalHeight));
        var canvas = document.createElement("canvas");
        canvas.width = Math.round(image.naturalWidth * share);
        canvas.height = Math.round(image.naturalHeight * share);
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        URL.revokeObjectURL(url);
        canvas.toBlob(function (blob) { resolve(blob || file); }, "image/jpeg", QUALITY);
      };
      image.onerror = function () { URL.revokeObjectURL(url); resolve(file); };
      image.src = url;
    });
  }

  function start(box) {
    var input = box.querySelector("input[type=file]");
    var list = box.querySelector("[data-photos-list]");
    var note = box.querySelector("[data-photos-said]");
    var form = input.form;
    var choose = box.querySelector("[data-photos-choose]"); /* instead of the browser's own words */
    choose.hidden = false;
    input.classList.add("photo-field__input");
    var waiting = [];
    var isSending = false;

    function say(text) { note.textContent = text; }

    function show(said) {
      var item = document.createElement("li");
      var link = document.createElement("a");
      var image = document.createElement("img");
      var button = document.createElement("button");
      link.href = said.url;
      link.target = "_blank";
      link.rel = "noopener";
      image.src = said.url + "?small";
      image.width = 120;
      image.height = 90;
      image.alt = "刚上传的现场照片";
      link.appendChild(image);
      button.type = "button";
      button.className = "btn btn--small";
      button.textContent = "移除";
      button.addEventListener("click", function () { remove(said, item); });
      item.appendChild(link);
      item.appendChild(button);
      list.appendChild(item);
    }

    function send(url, token, file) {
      var body = new FormData();
      body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      body.append("form_token", token);
      if (file) { body.append("photos", file, "photo.jpg"); }
      return window.fetch(url, { method: "POST", body: body, credentials: "same-origin", headers: { Accept: "application/json" } });
    }

    function remove(said, item) {
      send(said.remove, said.token).then(function () {
        item.remove();
        say("已移除。");
      }).catch(function () { say("网络不通，还没有移除，请稍后再试。"); });
    }

    function next() {
      if (isSending || !waiting.length) { return; }
      isSending = true;
      say("正在上传，还有" + waiting.length + "张…");
      smaller(waiting[0]).then(function (file) {
        return send(box.getAttribute("data-photos-url"), form.elements.form_token.value, file);
      }).then(function (answer) {
        return answer.json();
      }).then(function (said) {
        waiting.shift();
        if (said.url) { show(said); say(waiting.length ? "" : "照片已上传。"); } else { say(said.message); }
        isSending = false;
        next();
      }).catch(function () {
        isSending = false;
        say("网络不通，" + waiting.length + "张照片还没有上传；联网后自动继续，请不要关闭本页。");
      });
    }

    input.addEventListener("change", function () {
      waiting = waiting.concat(Array.prototype.slice.call(input.files));
      input.value = "";
      next();
    });
    window.addEventListener("online", next);
    form.addEventListener("submit", function (event) {
      if (waiting.length) {
        event.preventDefault();
        event.stopImmediatePropagation();
        say("照片还没有上传完，请稍候再提交。");
        next();
      }
    }, true);
  }

  document.addEventListener("DOMContentLoaded", function () {
    Array.prototype.forEach.call(document.querySelectorAll("[data-photos-url]"), start);
  });
})();
