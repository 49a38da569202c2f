"use strict";
(() => {
  const figures = JSON.parse(document.getElementById("figures").textContent);
  const nodes = [...document.querySelectorAll("[data-chart]")];
  const traces = nodes.filter((node) => node.dataset.chart !== "score");
  const canHover = matchMedia("(hover: hover) and (pointer: fine)").matches;
  // Without a mouse the charts keep still, so that a finger scrolls the page.
  const config = { displayModeBar: false, responsive: true, staticPlot: !canHover };

  for (const node of nodes) {
    const figure = figures[node.dataset.chart];
    if (canHover && node.dataset.chart !== "score") figure.layout.dragmode = "zoom";
    if (node.clientWidth < 480 && figure.layout.annotations.length > 10) {
      // Every other repetition's number fits on a phone.
      const fits = (note) => !/^rep \d*[02468]$/.test(note.name ?? "");
      figure.layout.annotations = figure.layout.annotations.filter(fits);
    }
    Plotly.newPlot(node, figure.data, figure.layout, config);
  }

  // One stretch of time in all charts: zooming one moves the others along.
  let moving = false;
  for (const node of traces) {
    node.on("plotly_relayout", (change) => {
      const from = change["xaxis.range[0]"];
      const full = change["xaxis.autorange"] || "xaxis.range" in change;
      if (moving || (from === undefined && !full)) return;
      moving = true;
      const range = node.layout.xaxis.range.slice();
      const others = traces.filter((other) => other !== node);
      Promise.all(others.map((other) => Plotly.relayout(other, { "xaxis.range": range.slice() })))
        .finally(() => { moving = false; });
    });
  }

  const paperWidth = 660;
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
    for (const node of nodes) Plotly.relayout(node, { width: paperWidth, autosize: false });
  });
  addEventListener("afterprint", () => {
    for (const node of nodes) Plotly.relayout(node, { width: null, autosize: true });
  });
})();
