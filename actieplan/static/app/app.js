// Small comforts; every page works without.
(function () {
  "use strict";

  // After a refused form: to the summary of what is wrong, so that screen readers read it and the keyboard starts there.
  function focusErrors(root) {
    var summary = root.querySelector("[data-error-summary]");
    if (summary) {
      summary.focus();
    }
  }

  document.addEventListener("DOMContentLoaded", function () {
    focusErrors(document);
  });
  document.addEventListener("htmx:afterSwap", function (event) {
    focusErrors(event.target);
  });
})();
