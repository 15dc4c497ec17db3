// Tables sort by a click or a key on their heads.
(function () {
  "use strict";
  const live = document.getElementById("told");
  const key = function (row, column) {
    const cell = row.cells[column];
    return cell.dataset.value !== undefined ? Number(cell.dataset.value) : cell.textContent.trim();
  };
  const compare = function (a, b) {
    const missingA = a === "–", missingB = b === "–";
    if (missingA || missingB) { return Number(missingA) - Number(missingB); }
    if (typeof a === "number" && typeof b === "number") { return a - b; }
    return String(a).localeCompare(String(b), "en", { numeric: true });
  };
  document.querySelectorAll("table.sortable").forEach(function (table) {
    const heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach(function (head, column) {
      head.querySelector("button").addEventListener("click", function () {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const body = table.tBodies[0];
        const rows = Array.from(body.rows);
        rows.sort(function (x, y) {
          const order = compare(key(x, column), key(y, column));
          return down ? -order : order;
        });
        rows.forEach(function (row) { body.appendChild(row); });
        live.textContent = "Sorted by " + head.textContent + (down ? ", descending" : ", ascending");
      });
    });
  });
})();
