// Sorts a table by the column whose head is chosen. No angle brackets and no ampersands here: the page is well-formed XML too.
document.querySelectorAll("table.sortable").forEach(function (table) {
  table.classList.add("live");
  var body = table.tBodies[0];
  var heads = Array.from(table.tHead.rows[0].cells);
  heads.forEach(function (head, column) {
    function key(row) {
      var cell = row.cells[column];
      if (cell.dataset.value === undefined) { return cell.textContent; }
      return cell.dataset.value === "" ? NaN : parseFloat(cell.dataset.value);
    }
    function sort() {
      var rising = head.getAttribute("aria-sort") === "descending";
      heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", rising ? "ascending" : "descending");
      Array.from(body.rows).sort(function (a, b) {
        var x = key(a), y = key(b);
        if (typeof x === "string") { return rising ? y.localeCompare(x) : x.localeCompare(y); }
        if (isNaN(x)) { return isNaN(y) ? 0 : 1; }
        if (isNaN(y)) { return -1; }
        return rising ? x - y : y - x;
      }).forEach(function (row) { body.appendChild(row); });
    }
    head.tabIndex = 0;
    head.title = "Sort by this column";
    head.addEventListener("click", sort);
    head.addEventListener("keydown", function (event) {
      if (event.key === "Enter") { event.preventDefault(); sort(); }
    });
  });
});
