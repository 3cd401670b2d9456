// What a person would feel on the page that is open. Answers plain values; tests/browser/proofs.py judges them.
(() => {
  const shown = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && element.checkVisibility({ visibilityProperty: true });
  };
  const name = (element) => element.outerHTML.slice(0, 120).replace(/\s+/g, " ");
  const inText = (element) => getComputedStyle(element).display === "inline";

  // A control is as large as what may be pressed: the label of a box, the box of everything else.
  const pressed = (element) => {
    const isBox = element.matches("[type=checkbox], [type=radio]");
    return isBox && element.labels.length ? element.labels[0] : element;
  };
  const controls = document.querySelectorAll("button, .btn, summary, select, textarea, input:not([type=hidden])");
  const low = [...controls].map(pressed).filter((target) => shown(target) && target.getBoundingClientRect().height < 43.5);

  // The ring: what changes on the element, or around it, when it has the focus.
  const look = (element) => {
    const style = getComputedStyle(element);
    return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.borderColor].join();
  };
  const around = (element) => [element, element.parentElement, ...(element.labels || [])].filter(Boolean);
  const kinds = new Set();
  const dark = [];
  for (const element of document.querySelectorAll("a[href], button, summary, select, textarea, input, [tabindex='0']")) {
    const kind = `${element.tagName}.${element.className}.${element.type || ""}`;
    if (kinds.has(kind) || element.disabled || !shown(pressed(element))) continue;
    kinds.add(kind);
    if (document.activeElement) document.activeElement.blur();
    const before = around(element).map(look).join("|");
    element.focus({ preventScroll: true, focusVisible: true });
    if (document.activeElement === element && around(element).map(look).join("|") === before) dark.push(name(element));
  }
  if (document.activeElement) document.activeElement.blur();

  const [answer] = performance.getEntriesByType("navigation");
  return {
    lang: document.documentElement.lang,
    tooWide: document.documentElement.scrollWidth - window.innerWidth,
    bytes: answer.encodedBodySize,
    files: performance.getEntriesByType("resource").map((entry) => new URL(entry.name).pathname),
    hasCharts: document.querySelector("figure.chart") !== null,
    low: low.filter((target) => !inText(target)).map(name),
    dark,
  };
})();
