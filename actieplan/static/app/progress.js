// A form with a [data-progress] inside shows how far its request is, when that takes long. Without this script the form
// is sent as any other.
(function () {
  "use strict";

  var PATIENCE = 500; // milliseconds before anything is shown
  var PAUSE = 500; // between two questions
  var BROKEN = "De verbinding is weggevallen. Kijk of u internet hebt en probeer het opnieuw.";

  // What a waiting form shows: a sentence that is read aloud when it changes, the numbers beside it, and a bar.
  function Panel(place) {
    var text = place.querySelector("[aria-live]");
    var numbers = place.querySelector("[data-numbers]");
    var bar = place.querySelector("progress");
    var since = Date.now();
    var isShown = false;

    this.say = function (sentence, done, total, inWords) {
      if (!isShown && Date.now() - since < PATIENCE) {
        return;
      }
      isShown = true;
      bar.hidden = false;
      place.setAttribute("data-shown", "");
      if (text.textContent !== sentence) {
        text.textContent = sentence;
      }
      numbers.textContent = total ? inWords(done, total) : "";
      if (total) {
        bar.max = total;
        bar.value = done;
      } else {
        bar.removeAttribute("value");
      }
    };
    this.end = function (sentence) {
      bar.hidden = true;
      place.toggleAttribute("data-shown", sentence !== "");
      numbers.textContent = "";
      text.textContent = sentence;
    };
  }

  function inRows(done, total) {
    return done.toLocaleString("nl-NL") + " van " + total.toLocaleString("nl-NL");
  }

  function inPercent(done, total) {
    return Math.floor((100 * done) / total) + "%";
  }

  // Asks how far the request is until it is told to stop; what goes wrong with asking is passed over.
  function ask(address, panel) {
    var timer = window.setTimeout(question, PAUSE);
    var stopped = false;

    function question() {
      fetch(address, { headers: { Accept: "application/json" } })
        .then(function (answer) {
          return answer.ok ? answer.json() : null;
        })
        .then(function (step) {
          if (step && !stopped) {
            panel.say(step.text, step.done, step.total, inRows);
          }
        })
        .catch(function () {})
        .then(function () {
          if (!stopped) {
            timer = window.setTimeout(question, PAUSE);
          }
        });
    }

    return function () {
      stopped = true;
      window.clearTimeout(timer);
    };
  }

  // A refusal comes as a page: its middle takes the place of ours, as if the browser had sent the form.
  function showPage(html) {
    var page = new DOMParser().parseFromString(html, "text/html");
    var middle = page.querySelector("main");
    if (!middle) {
      return false;
    }
    document.title = page.title;
    document.querySelector("main").replaceWith(middle);
    window.scrollTo(0, 0);
    (middle.querySelector("[data-error-summary]") || middle).focus();
    return true;
  }

  function send(form, button, place) {
    var address = form.getAttribute("action") || window.location.href.split("#")[0];
    var fields = new FormData(form);
    var request = new XMLHttpRequest();
    var panel = new Panel(place);
    var stopAsking = function () {};
    if (button && button.name) {
      fields.append(button.name, button.value);
    }
    request.upload.addEventListener("progress", function (event) {
      panel.say("Het bestand wordt verstuurd", event.loaded, event.total, inPercent);
    });
    request.upload.addEventListener("load", function () {
      stopAsking = ask(place.getAttribute("data-progress"), panel);
    });
    request.addEventListener("load", function () {
      stopAsking();
      if (request.responseURL !== new URL(address, window.location.href).href) {
        window.location.assign(request.responseURL); // sent elsewhere: to log in again
      } else if ((request.getResponseHeader("Content-Type") || "").indexOf("application/json") === 0) {
        panel.say(place.getAttribute("data-next"), 0, 0);
        window.location.assign(JSON.parse(request.responseText).location);
      } else if (!showPage(request.responseText)) {
        fail();
      }
    });
    request.addEventListener("error", fail);

    function fail() {
      stopAsking();
      panel.end(BROKEN);
      form.dispatchEvent(new CustomEvent("app:answered", { bubbles: true }));
    }

    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.send(fields);
    form.dispatchEvent(new CustomEvent("app:sent", { bubbles: true, detail: button }));
  }

  // The page may come back from the browser's memory as it was left.
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("[data-progress]").forEach(function (place) {
      new Panel(place).end("");
    });
  });
  document.addEventListener("submit", function (event) {
    var place = event.target.querySelector("[data-progress]");
    if (place && !event.defaultPrevented) {
      event.preventDefault();
      send(event.target, event.submitter, place);
    }
  });
})();
