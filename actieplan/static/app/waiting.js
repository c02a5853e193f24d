// The page that waits for a file: asks how far it is, and gets it when it is no longer being made. Without this script the
// page asks for the file by itself every few seconds.
(function () {
  "use strict";

  var PAUSE = 1500; // milliseconds between two questions

  document.addEventListener("DOMContentLoaded", function () {
    var place = document.querySelector("[data-waiting]");
    if (place) {
      window.setTimeout(look, PAUSE, place);
    }
  });

  function look(place) {
    fetch(place.getAttribute("data-waiting"), { headers: { Accept: "application/json" } })
      .then(function (answer) {
        return answer.ok ? answer.json() : { waits: false };
      })
      .catch(function () {
        return { waits: true }; // the connection is away; it comes back
      })
      .then(function (found) {
        if (found.waits) {
          window.setTimeout(look, PAUSE, place);
        } else {
          get(place);
        }
      });
  }

  // The answer is the file, and then this page stays; or another page, such as the reason why it could not be made.
  function get(place) {
    place.querySelector("progress").hidden = true;
    place.querySelector("[data-told]").textContent = "Klaar. Het bestand wordt opgehaald.";
    window.location.assign(place.getAttribute("data-address"));
  }
})();
