// What was typed and is not saved yet, kept in this browser under the user and the goal it belongs to.
// See docs/decisions/0012 for what is kept and when it goes.
(function () {
  "use strict";

  var PREFIX = "kept:";
  var LONGEST = 30 * 24 * 60 * 60 * 1000;
  var LOGGED_OUT = "logged-out";

  // A browser may refuse to store anything: then nothing is kept, and the page says so.
  function attempt(work, otherwise) {
    try {
      return work();
    } catch (error) {
      return otherwise;
    }
  }

  function keys() {
    return attempt(function () {
      return Object.keys(localStorage).filter(function (key) {
        return key.indexOf(PREFIX) === 0;
      });
    }, []);
  }

  function read(key) {
    return attempt(function () {
      return JSON.parse(localStorage.getItem(key));
    }, null);
  }

  function drop(key) {
    attempt(function () {
      localStorage.removeItem(key);
    });
  }

  window.keptText = {
    key: function (user, update) {
      return PREFIX + user + ":" + update;
    },
    read: read,
    drop: drop,
    write: function (key, kept) {
      return attempt(function () {
        localStorage.setItem(key, JSON.stringify(kept));
        return true;
      }, false);
    },
    // Who types on did not log out after all.
    stay: function () {
      attempt(function () {
        sessionStorage.removeItem(LOGGED_OUT);
      });
    },
    mark: function (key, what) {
      var kept = read(key);
      if (kept) {
        kept[what] = true;
        window.keptText.write(key, kept);
      }
    },
  };

  document.addEventListener("submit", function (event) {
    if (event.target.getAttribute("action") === document.body.getAttribute("data-log-out")) {
      attempt(function () {
        sessionStorage.setItem(LOGGED_OUT, document.body.getAttribute("data-user"));
      });
    }
  });

  document.addEventListener("DOMContentLoaded", function () {
    var user = document.body.getAttribute("data-user");
    var left = attempt(function () {
      return sessionStorage.getItem(LOGGED_OUT);
    }, null);
    // Who logs out leaves nothing behind for the next person at this computer.
    if (left && !user) {
      keys().forEach(function (key) {
        if (key.indexOf(PREFIX + left + ":") === 0) {
          drop(key);
        }
      });
    }
    window.keptText.stay();
    // What was handed in a moment ago has arrived.
    var arrived = new URLSearchParams(location.search).get("na");
    keys().forEach(function (key) {
      var kept = read(key);
      var sent = kept && kept.sent && key === PREFIX + user + ":" + arrived;
      if (!kept || sent || Date.now() - kept.at > LONGEST) {
        drop(key);
      }
    });
  });
})();
