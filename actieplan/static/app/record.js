// Recording progress, and writing the texts of a report: what is typed is saved while typing, and kept in the browser until the server has it.
// Without this file the buttons do the same work. What is kept, where and for how long: docs/decisions/0012.
(function () {
  "use strict";

  var PAUSE = 1500; // ms without a key before what was typed is sent
  var LONGEST_PAUSE = 10000; // ms that somebody who types on is not saved
  var KEEP = 300; // ms without a key before what was typed is kept in the browser
  var FIRST_RETRY = 2000;
  var LAST_RETRY = 60000;
  var NO_FIELDS = ["csrfmiddlewaretoken", "version", "typed_by", "from", "action", "no_bsn"];

  var recordings = [];

  function isTyped(name) {
    return NO_FIELDS.indexOf(name) < 0 && name.indexOf("mine-") !== 0 && name.indexOf("seen-") !== 0;
  }

  // What stands in the form, as text: equal texts are equal content.
  function typedIn(form) {
    var fields = {};
    new FormData(form).forEach(function (value, name) {
      if (isTyped(name)) {
        fields[name] = value.replace(/\r\n/g, "\n");
      }
    });
    return JSON.stringify(fields);
  }

  function firstText(form) {
    return form.querySelector("textarea");
  }

  function moment(date) {
    var time = date.toLocaleTimeString("nl-NL", { hour: "2-digit", minute: "2-digit" });
    var today = date.toDateString() === new Date().toDateString();
    return today ? time : date.toLocaleDateString("nl-NL", { day: "numeric", month: "long" }) + " " + time;
  }

  function Recording(form) {
    this.form = form;
    this.line = form.querySelector("[data-saved]");
    this.live = form.querySelector("[data-announce]");
    this.key = window.keptText.key(form.getAttribute("data-user"), form.getAttribute("data-record"));
    this.confirmed = form.getAttribute("data-state") === "stored" ? typedIn(form) : null;
    this.sending = null; // what was sent and is not answered
    this.unanswered = null; // the request that got no answer: sent once more as it was, so that it counts once
    this.lastSent = this.confirmed;
    this.refused = false; // the server does not take what was typed as it is
    this.retry = FIRST_RETRY;
    this.timers = {};
    this.waiting = []; // what goes on once there is an answer
    this.stopped = form.getAttribute("data-state") === "conflict"; // somebody must choose first
    this.offer();
    this.watch();
  }

  Recording.prototype.isDirty = function () {
    return typedIn(this.form) !== this.confirmed;
  };

  Recording.prototype.after = function (name, delay, work) {
    window.clearTimeout(this.timers[name]);
    this.timers[name] = window.setTimeout(work.bind(this), delay);
  };

  Recording.prototype.cancel = function (name) {
    window.clearTimeout(this.timers[name]);
    delete this.timers[name];
  };

  Recording.prototype.watch = function () {
    var recording = this;
    this.form.addEventListener("input", function () {
      recording.touched();
    });
    this.form.addEventListener("change", function () {
      // Leaving a text is a change too; what was sent already is not sent again for that.
      if (typedIn(recording.form) !== recording.lastSent) {
        recording.touched();
        recording.keep();
        recording.save();
      }
    });
    this.line.addEventListener("htmx:configRequest", function (event) {
      if (recording.unanswered) {
        event.detail.parameters = recording.unanswered.data;
        recording.sending = recording.unanswered;
      } else {
        recording.sending = { typed: typedIn(recording.form), data: event.detail.formData };
      }
      recording.lastSent = recording.sending.typed;
    });
    this.line.addEventListener("htmx:beforeSwap", function (event) {
      // A refusal is a sentence to be read in the same place.
      if ([401, 409, 422].indexOf(event.detail.xhr.status) >= 0) {
        event.detail.shouldSwap = true;
        event.detail.isError = false;
      }
    });
    this.line.addEventListener("htmx:afterRequest", function (event) {
      if (event.target === recording.line) {
        recording.answered(event.detail.xhr.status);
      }
    });
  };

  Recording.prototype.touched = function () {
    this.refused = false;
    window.keptText.stay();
    this.after("keep", KEEP, this.keep);
    this.after("save", PAUSE, this.save);
    if (!this.timers.longest) {
      this.after("longest", LONGEST_PAUSE, this.save);
    }
  };

  // --- in the browser ---

  Recording.prototype.keep = function () {
    this.cancel("keep");
    if (!this.isDirty()) {
      window.keptText.drop(this.key);
      return true;
    }
    return window.keptText.write(this.key, {
      at: Date.now(),
      version: this.version().value,
      fields: typedIn(this.form),
    });
  };

  Recording.prototype.version = function () {
    return this.form.elements.version;
  };

  // Text that the server does not have is offered back, and shown before it is put anywhere. It waits in a place of its
  // own, so that typing on does not write over it.
  Recording.prototype.offer = function () {
    var place = this.key + ":earlier";
    var shown = typedIn(this.form);
    var earlier = (window.keptText.read(place) || { texts: [] }).texts;
    var last = window.keptText.read(this.key);
    if (last && this.confirmed === null && last.fields === shown) {
      last = null; // a page that came back with what was typed: it stays kept until it is saved
    } else if (last) {
      window.keptText.drop(this.key);
      earlier = earlier.concat(last);
    }
    var seen = [shown];
    earlier = earlier.filter(function (kept) {
      return seen.indexOf(kept.fields) < 0 && seen.push(kept.fields);
    });
    var recording = this;
    function store() {
      if (earlier.length) {
        window.keptText.write(place, { at: earlier[earlier.length - 1].at, texts: earlier });
      } else {
        window.keptText.drop(place);
      }
    }
    store();
    earlier.forEach(function (kept) {
      recording.show(kept, function () {
        earlier = earlier.filter(function (other) {
          return other !== kept;
        });
        store();
      });
    });
  };

  Recording.prototype.show = function (kept, done) {
    var recording = this;
    var panel = document.getElementById("aanbod").content.firstElementChild.cloneNode(true);
    var fields = JSON.parse(kept.fields);
    panel.querySelector("[data-kept-at]").textContent = moment(new Date(kept.at));
    Object.keys(fields).forEach(function (name) {
      var control = recording.form.elements[name];
      if (control && control.tagName === "TEXTAREA" && fields[name].trim()) {
        var text = document.createElement("p");
        text.className = "app-text";
        text.textContent = fields[name];
        panel.querySelector("[data-kept-texts]").appendChild(text);
      }
    });
    function finish() {
      panel.remove();
      done();
      firstText(recording.form).focus();
    }
    panel.querySelector("[data-put-back]").addEventListener("click", function () {
      recording.fill(fields);
      // Saved as what it was typed upon: a change by somebody else in between is a conflict, not a loss.
      recording.version().value = kept.version;
      recording.keep();
      finish();
      recording.save();
    });
    panel.querySelector("[data-throw-away]").addEventListener("click", finish);
    this.form.parentNode.insertBefore(panel, this.form);
  };

  // Put `fields` in the form; with `names` in these controls only, else in all, so that what was empty becomes empty.
  Recording.prototype.fill = function (fields, names) {
    Array.prototype.forEach.call(this.form.elements, function (control) {
      var meant = names ? names.indexOf(control.name) >= 0 : control.name && isTyped(control.name);
      if (!meant || control.type === "submit") {
        return;
      }
      if (control.type === "radio" || control.type === "checkbox") {
        control.checked = control.type === "radio" ? fields[control.name] === control.value : Boolean(fields[control.name]);
      } else {
        control.value = fields[control.name] || "";
      }
    });
  };

  // --- on the server ---

  Recording.prototype.save = function () {
    this.cancel("save");
    this.cancel("longest");
    this.cancel("retry");
    if (this.sending || this.submitting || this.stopped || (!this.isDirty() && !this.unanswered)) {
      return;
    }
    window.htmx.trigger(this.line, "save");
  };

  Recording.prototype.answered = function (status) {
    var sent = this.sending;
    this.sending = null;
    if (status === 200) {
      this.unanswered = null;
      this.retry = FIRST_RETRY;
      this.confirmed = sent.typed;
      this.keep();
      this.announce(this.line.textContent.trim());
      if (this.isDirty() && !this.timers.save) {
        this.after("save", PAUSE, this.save);
      }
    } else if (status === 0 || status >= 500 || status === 429) {
      this.unanswered = sent;
      this.say(
        this.keep()
          ? "Geen verbinding. Uw tekst is bewaard in deze browser; we proberen het opnieuw."
          : "Geen verbinding. Laat deze pagina open; we proberen het opnieuw."
      );
      this.after("retry", this.retry, this.save);
      this.retry = Math.min(this.retry * 2, LAST_RETRY);
    } else {
      // Typing on may mend it, sending the same again does not.
      this.unanswered = null;
      this.refused = true;
      this.stopped = status === 409;
      this.keep();
      if (status === 403 || status === 404) {
        this.say("Dit kan zo niet meer worden bewaard. Kopieer uw tekst voor de zekerheid. Laad de pagina opnieuw.");
      }
      this.announce(this.line.textContent.trim());
    }
    this.waiting.splice(0).forEach(function (work) {
      work();
    });
  };

  Recording.prototype.say = function (sentence) {
    this.line.textContent = "";
    var text = document.createElement("p");
    text.className = "app-saved__problem";
    text.textContent = sentence;
    this.line.appendChild(text);
    this.announce(sentence);
  };

  // Told once: somebody who listens is not interrupted by the same sentence after each pause.
  Recording.prototype.announce = function (sentence) {
    sentence = sentence.replace(/\s+/g, " ");
    if (this.live.textContent !== sentence) {
      this.live.textContent = sentence;
    }
  };

  // Go on when nothing is under way.
  Recording.prototype.idle = function (work) {
    if (this.sending) {
      this.waiting.push(work);
    } else {
      work();
    }
  };

  // Save what was typed here, and go on when there is an answer, whatever it is.
  Recording.prototype.settle = function (work) {
    var recording = this;
    this.save();
    this.idle(function () {
      if (recording.isDirty() && !recording.stopped && !recording.refused && !recording.unanswered) {
        recording.settle(work);
      } else {
        work();
      }
    });
  };

  function settleAll(which, work) {
    var left = which.length;
    if (!left) {
      work();
    }
    which.forEach(function (recording) {
      recording.settle(function () {
        left -= 1;
        if (!left) {
          work();
        }
      });
    });
  }

  // --- leaving ---

  function dirty() {
    return recordings.filter(function (recording) {
      return recording.isDirty();
    });
  }

  function recordingOf(form) {
    return recordings.filter(function (recording) {
      return recording.form === form;
    })[0];
  }

  var leaving = false;

  document.addEventListener("submit", function (event) {
    var recording = recordingOf(event.target);
    var button = event.submitter;
    if (!recording) {
      return;
    }
    if (recording.passing) {
      leaving = true;
      return;
    }
    if (leaving || recording.submitting) {
      event.preventDefault(); // pressed twice
    } else if (button && button.hasAttribute("data-take-over")) {
      event.preventDefault();
      takeOver(recording, button.closest(".app-previous"));
    } else if (button && button.name === "take") {
      event.preventDefault();
      take(recording, button);
    } else if (recording.sending || unsavedBeside(recording).length) {
      event.preventDefault();
      submit(recording, button);
    } else {
      depart(recording);
      leaving = true;
    }
  });

  function unsavedBeside(recording) {
    return dirty().filter(function (other) {
      return other !== recording && !other.stopped;
    });
  }

  // What goes along with the form stays kept, until a page tells that it arrived.
  function depart(recording) {
    ["save", "longest", "retry"].forEach(recording.cancel, recording);
    recording.submitting = true;
    recording.keep();
    window.keptText.mark(recording.key, "sent");
  }

  // A save that is under way would make this form an old version, so its answer comes first; and what was typed in other
  // forms on the page is saved before the page goes.
  function submit(recording, button) {
    depart(recording);
    recording.idle(function () {
      settleAll(unsavedBeside(recording), function () {
        depart(recording);
        recording.passing = true;
        // The button may have stood in an answer that has been replaced.
        recording.form.requestSubmit(button && button.form === recording.form ? button : null);
      });
    });
  }

  // On a conflict: put one of both texts, or both, in the form.
  function take(recording, button) {
    var side = button.value.slice(button.value.lastIndexOf(":") + 1);
    var sides = { mine: {}, theirs: {} };
    button.closest(".app-difference").querySelectorAll("[data-side]").forEach(function (found) {
      sides[found.getAttribute("data-side")][found.getAttribute("data-field")] = found.value;
    });
    var chosen = sides[side] || {};
    if (side === "both") {
      Object.keys(sides.mine).forEach(function (name) {
        chosen[name] = sides.theirs[name] + "\n\n" + sides.mine[name];
      });
    }
    recording.fill(chosen, Object.keys(chosen));
    recording.keep();
    recording.announce("Overgenomen in het formulier. Nog niet bewaard.");
  }

  function takeOver(recording, panel) {
    panel.querySelectorAll("[data-said]").forEach(function (said) {
      var control = recording.form.elements[said.getAttribute("data-said")];
      var typed = control.value.trim();
      if (control.value.indexOf(said.textContent) < 0) {
        control.value = typed ? typed + "\n\n" + said.textContent : said.textContent;
      }
    });
    recording.keep();
    recording.save();
    firstText(recording.form).focus();
  }

  // A link in the page saves first what was typed a moment ago.
  document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest("a[href]") : null;
    var plain = !event.defaultPrevented && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!link || !plain || link.target || link.origin !== location.origin || link.hasAttribute("download")) {
      return;
    }
    var samePage = link.pathname === location.pathname && link.search === location.search && link.hash;
    var unsaved = dirty().filter(function (recording) {
      return !recording.stopped && !recording.unanswered;
    });
    if (samePage || !unsaved.length) {
      return;
    }
    event.preventDefault();
    settleAll(unsaved, function () {
      location.href = link.href;
    });
  });

  window.addEventListener("beforeunload", function (event) {
    if (leaving) {
      return;
    }
    recordings.forEach(function (recording) {
      recording.keep();
    });
    if (dirty().length) {
      event.preventDefault();
      event.returnValue = "";
    }
  });

  window.addEventListener("pageshow", function () {
    leaving = false;
    recordings.forEach(function (recording) {
      recording.passing = recording.submitting = false;
    });
  });

  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden" && !leaving) {
      recordings.forEach(function (recording) {
        recording.keep();
        recording.save();
      });
    }
  });

  window.addEventListener("online", function () {
    recordings.forEach(function (recording) {
      recording.retry = FIRST_RETRY;
      recording.save();
    });
  });

  // Ctrl+Enter in a text hands in.
  document.addEventListener("keydown", function (event) {
    var form = event.target.form;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form && recordingOf(form)) {
      form.requestSubmit(form.querySelector("[value=submit]"));
    }
  });

  document.addEventListener("DOMContentLoaded", function () {
    recordings = Array.prototype.map.call(document.querySelectorAll("form[data-record]"), function (form) {
      return new Recording(form);
    });
  });
})();
