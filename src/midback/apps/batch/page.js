"use strict";
(() => {
  const table = document.querySelector(".index table");
  if (!table) return;
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const said = document.getElementById("sorted");
  const rows = [...body.rows].map((row) => ({ row, order: JSON.parse(row.dataset.order) }));
  const text = new Intl.Collator("en", { numeric: true });

  const compare = (a, b) => (typeof a === "string" ? text.compare(a, b) : a - b);

  const sort = (column, down) => {
    const sign = down ? -1 : 1;
    const missing = (entry) => entry.order[column] === null;
    rows.sort((a, b) => {
      if (missing(a) || missing(b)) return missing(a) - missing(b);
      return sign * compare(a.order[column], b.order[column]);
    });
    body.append(...rows.map((entry) => entry.row));
    for (const head of heads) head.removeAttribute("aria-sort");
    heads[column].setAttribute("aria-sort", down ? "descending" : "ascending");
    said.textContent = `Sorted by ${heads[column].textContent.trim()}, ${down ? "highest" : "lowest"} first`;
  };

  heads.forEach((head, column) => {
    head.querySelector("button").addEventListener("click", () => {
      sort(column, head.getAttribute("aria-sort") === "ascending");
    });
  });
})();
