/* Charts arrive only when they near the screen. <figure class="chart" data-chart="ID" data-plotly="URL"> holds the box
   and a json_script element ID with {data, layout}. Colours come from tokens.css, so a chart never has its own. */
(function () {
  "use strict";

  var CONFIG = {
    displaylogo: false,
    locale: "zh-CN",
    plotlyServerURL: "",
    responsive: true,
    showSendToCloud: false,
    modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d", "toggleSpikelines",
      "hoverClosestCartesian", "hoverCompareCartesian", "sendDataToCloud"]
  };

  var CHINESE = {
    moduleType: "locale",
    name: "zh-CN",
    dictionary: {
      "Autoscale": "自动缩放", "Box Select": "框选", "Download plot": "下载图片", "Download plot as a PNG": "下载图片",
      "Lasso Select": "套索选择", "Pan": "平移", "Reset axes": "还原", "Reset": "还原", "Zoom": "缩放",
      "Zoom in": "放大", "Zoom out": "缩小", "Double-click to zoom back out": "双击还原",
      "Taking snapshot - this may take a few seconds": "正在生成图片", "Snapshot succeeded": "图片已生成",
      "Sorry, there was a problem downloading your snapshot!": "图片生成失败"
    },
    format: {
      days: ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"],
      shortDays: ["周日", "周一", "周二", "周三", "周四", "周五", "周六"],
      months: ["一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月"],
      shortMonths: ["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"],
      date: "%Y-%m-%d"
    }
  };

  var loading = null;

  function token(name) {
    return window.getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function load(url) {
    if (!loading) {
      loading = new Promise(function (resolve, reject) {
        var script = document.createElement("script");
        script.src = url;
        script.onload = function () {
          window.Plotly.register(CHINESE);
          resolve(window.Plotly);
        };
        script.onerror = reject;
        document.head.appendChild(script);
      });
    }
    return loading;
  }

  function axis(name, given) {
    return Object.assign({
      automargin: true,
      gridcolor: token("--chart-grid"),
      linecolor: token("--line-strong"),
      separatethousands: true,
      showgrid: name.charAt(0) === "y",
      tickmode: "auto",
      zerolinecolor: token("--line-strong")
    }, given);
  }

  function dressed(layout) {
    var full = Object.assign({
      autosize: true,
      bargap: 0.5,
      colorway: [1, 2, 3, 4, 5, 6].map(function (n) {
        return token("--chart-" + n);
      }),
      font: { family: token("--font"), size: 12, color: token("--chart-text") },
      hoverlabel: { font: { family: token("--font") } },
      legend: { orientation: "h", x: 0, y: 1.12 },
      margin: { l: 48, r: 24, t: 32, b: 40 },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      separators: ".,"
    }, layout);
    Object.keys(full).concat(["xaxis", "yaxis"]).forEach(function (key) {
      if (/^[xy]axis\d*$/.test(key)) {
        full[key] = axis(key, full[key]);
      }
    });
    return full;
  }

  /* A figure may name a meaning instead of a colour: "token:--light-red-mark". */
  function coloured(value) {
    if (typeof value === "string") {
      return value.indexOf("token:") === 0 ? token(value.slice(6)) : value;
    }
    if (Array.isArray(value)) {
      return value.map(coloured);
    }
    if (value && typeof value === "object") {
      return Object.keys(value).reduce(function (copy, key) {
        copy[key] = coloured(value[key]);
        return copy;
      }, {});
    }
    return value;
  }

  function failed(figure) {
    figure.querySelector(".chart__box").innerHTML =
      '<p class="chart__wait">图表未能载入，请查看下方表格。</p>';
    var table = figure.querySelector("details");
    if (table) {
      table.open = true;
    }
  }

  function draw(figure) {
    var box = figure.querySelector(".chart__box");
    var payload = JSON.parse(document.getElementById(figure.getAttribute("data-chart")).textContent);
    load(figure.getAttribute("data-plotly")).then(function (Plotly) {
      box.textContent = "";
      var shown = coloured(payload);
      return Plotly.newPlot(box, shown.data, dressed(shown.layout || {}), CONFIG);
    }).catch(function () {
      failed(figure);
    });
  }

  function start(root) {
    var figures = Array.prototype.slice.call(root.querySelectorAll("figure[data-chart]:not([data-started])"));
    var watcher = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (entry.isIntersecting) {
          watcher.unobserve(entry.target);
          draw(entry.target);
        }
      });
    }, { rootMargin: "200px" });
    figures.forEach(function (figure) {
      figure.setAttribute("data-started", "");
      watcher.observe(figure);
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    start(document);
  });
  document.addEventListener("htmx:load", function (event) {
    start(event.detail.elt);
  });
})();
