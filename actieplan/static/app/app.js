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

  function submitButtons(form) {
    return Array.prototype.filter.call(form.elements, function (control) {
      return control.type === "submit";
    });
  }

  // A button with data-busy="Bezig met lezen…" says so once its form is sent, and cannot send it twice.
  function showBusy(form, button) {
    var status = document.createElement("p");
    status.className = "visually-hidden";
    status.setAttribute("role", "status");
    form.appendChild(status);
    form.setAttribute("data-sent", "");
    button.setAttribute("data-idle", button.textContent);
    button.textContent = button.getAttribute("data-busy");
    status.textContent = button.textContent;
    submitButtons(form).forEach(function (other) {
      other.disabled = true;
    });
  }

  // The page may come back from the browser's memory as it was left: ready to be sent again.
  function showReady() {
    document.querySelectorAll("[data-busy]").forEach(function (button) {
      if (button.hasAttribute("data-idle")) {
        button.textContent = button.getAttribute("data-idle");
        button.removeAttribute("data-idle");
      }
      if (button.form) {
        button.form.removeAttribute("data-sent");
        submitButtons(button.form).forEach(function (other) {
          other.disabled = false;
        });
      }
    });
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    var button = event.submitter;
    if (form.hasAttribute("data-sent")) {
      event.preventDefault();
      return;
    }
    if (button && button.hasAttribute("data-busy")) {
      // After the form is put together: a disabled button would not send its own name.
      window.setTimeout(function () {
        if (!event.defaultPrevented) {
          showBusy(form, button);
        }
      }, 0);
    }
  });
  // For a form that a script sends: when it goes, and when no other page comes of it.
  document.addEventListener("app:sent", function (event) {
    if (event.detail && event.detail.hasAttribute("data-busy")) {
      showBusy(event.target, event.detail);
    }
  });
  document.addEventListener("app:answered", showReady);
  window.addEventListener("pageshow", showReady);
  document.addEventListener("DOMContentLoaded", function () {
    focusErrors(document);
  });
  document.addEventListener("htmx:afterSwap", function (event) {
    focusErrors(event.target);
  });
})();
