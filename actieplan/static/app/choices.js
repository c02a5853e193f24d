// In a form with data-choices: says on its button how many boxes are ticked, and ticks all of them at once.
(function () {
  "use strict";

  function boxes(form) {
    return Array.prototype.slice.call(form.querySelectorAll("input[type=checkbox]"));
  }

  function showCount(form) {
    var ticked = boxes(form).filter(function (box) {
      return box.checked;
    }).length;
    form.querySelector("[data-choices-count]").textContent = " (" + ticked + ")";
  }

  document.querySelectorAll("form[data-choices]").forEach(function (form) {
    var all = form.querySelector("[data-choices-all]");
    all.hidden = false;
    all.addEventListener("click", function () {
      boxes(form).forEach(function (box) {
        box.checked = true;
      });
      showCount(form);
    });
    form.addEventListener("change", function () {
      showCount(form);
    });
    window.addEventListener("pageshow", function () {
      showCount(form);
    });
    showCount(form);
  });
})();
