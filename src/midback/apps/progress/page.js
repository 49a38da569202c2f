"use strict";
(() => {
  const figures = JSON.parse(document.getElementById("figures").textContent);
  const nodes = [...document.querySelectorAll("[data-chart]")];
  const canHover = matchMedia("(hover: hover) and (pointer: fine)").matches;
  const config = { displayModeBar: false, responsive: true, staticPlot: !canHover };

  for (const node of nodes) {
    const figure = figures[node.dataset.chart];
    Plotly.newPlot(node, figure.data, figure.layout, config);
  }

  const paperWidth = { whole: 840, half: 410 };
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
    for (const node of nodes) {
      const height = Math.round(0.58 * figures[node.dataset.chart].layout.height);
      const width = paperWidth[node.dataset.paper];
      Plotly.relayout(node, { width, height, autosize: false });
    }
  });
  addEventListener("afterprint", () => {
    for (const node of nodes) {
      const height = figures[node.dataset.chart].layout.height;
      Plotly.relayout(node, { width: null, height, autosize: true });
    }
  });
})();
