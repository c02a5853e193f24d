// The network in place: a click or Enter shows a path, a second one that path alone, Escape goes back, arrows walk.
// Everything it does the server can do too (monitoring/network_look.py, din/network_layout.py, monitoring/network_words.py);
// here it goes without a new page, and in the file that a reader takes along there is no server.
(function () {
  "use strict";

  var svg = document.getElementById("netwerk");
  if (!svg) {
    return;
  }
  var COLUMN_GAP = 70;
  var NODE_WIDTH = 236;
  var FOLDED_WIDTH = 24;
  var NODE_GAP = 8;
  var KNOT_HEIGHT = 6;
  var NAMES = 8;
  var FILTERS = ["onderdeel", "speerpunt", "status", "eigenaar"];
  var LINK = "utrecht-link utrecht-link--html-a";

  var form = document.getElementById("netwerk-filter");
  var pad = document.getElementById("pad");
  var scroll = svg.parentNode;
  var heads = scroll.querySelector(".net-heads");
  // In the file that a reader takes along the address stays as it is.
  var isPage = !document.documentElement.hasAttribute("data-stand-alone");

  // --- what there is ---------------------------------------------------------------------------------------------

  function all(selector, root) {
    return Array.prototype.slice.call((root || document).querySelectorAll(selector));
  }

  var nodes = {};
  var order = [];
  all(".net-node", svg).forEach(function (group) {
    var data = group.dataset;
    nodes[data.key] = {
      key: data.key,
      data: data,
      group: group,
      link: group.querySelector(".net-node__link"),
      column: Number(data.column),
      height: Number(data.height),
      above: [],
      below: [],
    };
    order.push(nodes[data.key]);
  });
  var lines = all(".net-line", svg).map(function (element) {
    return { element: element, upper: nodes[element.dataset.upper], lower: nodes[element.dataset.lower] };
  });
  lines.forEach(function (line) {
    line.lower.above.push(line.upper);
    line.upper.below.push(line.lower);
  });
  function byPlace(one, other) {
    return order.indexOf(one) - order.indexOf(other);
  }
  order.forEach(function (node) {
    node.above.sort(byPlace);
    node.below.sort(byPlace);
  });
  var columns = all(".net-head", heads).map(function (head, index) {
    return {
      kind: head.dataset.kind,
      head: head,
      nodes: order.filter(function (node) {
        return node.column === index;
      }),
    };
  });
  // What the list says of each node: from the list itself, or from what the server kept aside.
  var entries = {};
  var rest = document.getElementById("netwerk-rest");
  all(".net-entry[data-key]").concat(rest ? all(".net-entry[data-key]", rest.content) : []).forEach(function (entry) {
    entries[entry.dataset.key] = entry;
  });

  var wishes = wishesOfPage();
  var current = null;

  function wishesOfPage() {
    var asked = isPage ? new URLSearchParams(window.location.search) : new URLSearchParams();
    var key = asked.get("knoop");
    var selected = key && Object.prototype.hasOwnProperty.call(nodes, key) ? nodes[key] : null;
    return { selected: selected, focused: selected !== null && asked.get("focus") === "1" };
  }

  function field(name) {
    var control = form.elements[name];
    return control && typeof control.value === "string" ? control.value : "";
  }

  function words() {
    return field("q").toLowerCase().split(/\s+/).filter(Boolean);
  }

  function folds() {
    return all("[name=dicht]:checked", form).map(function (box) {
      return box.value;
    });
  }

  // --- paths and filters -----------------------------------------------------------------------------------------

  function reach(node, side) {
    var reached = new Set();
    var waiting = [node];
    while (waiting.length) {
      waiting.pop()[side].forEach(function (other) {
        if (!reached.has(other)) {
          reached.add(other);
          waiting.push(other);
        }
      });
    }
    return Array.from(reached);
  }

  // The nearest column first, and within a column its order.
  function pathOf(node) {
    var up = reach(node, "above").sort(function (one, other) {
      return other.column - one.column || byPlace(one, other);
    });
    var down = reach(node, "below").sort(byPlace);
    return { up: up, down: down, above: new Set(up.concat(node)), below: new Set(down.concat(node)) };
  }

  function passes(node) {
    var data = node.data;
    var isGoal = data.kind === "goal";
    var status = field("status");
    if ((field("speerpunt") || status) && !isGoal) {
      return false;
    }
    if (field("onderdeel") && field("onderdeel") !== data.theme) {
      return false;
    }
    if (field("eigenaar") && field("eigenaar") !== data.owner) {
      return false;
    }
    if (field("speerpunt") && data.areas.split(" ").indexOf(field("speerpunt")) < 0) {
      return false;
    }
    if (status === "attention") {
      return data.attention === "1";
    }
    if (status === "without_update") {
      return data.standing === "awaited" || data.standing === "not_delivered";
    }
    return !status || status === data.standing;
  }

  function look() {
    var asked = words();
    var path = wishes.selected && pathOf(wishes.selected);
    var found = order.filter(function (node) {
      var text = node.data.label.toLowerCase();
      return (
        asked.length > 0 &&
        asked.every(function (word) {
          return text.indexOf(word) >= 0;
        })
      );
    });
    var shown = new Set(order);
    if (path && wishes.focused) {
      shown = new Set(path.up.concat(path.down, wishes.selected));
      found = found.filter(shown.has, shown);
    } else if (FILTERS.some(field)) {
      shown = new Set();
      order.forEach(function (node) {
        if (found.indexOf(node) >= 0 || passes(node)) {
          var own = pathOf(node);
          own.up.concat(node, node.data.kind === "goal" ? own.down : []).forEach(shown.add, shown);
        }
      });
    }
    var folded = new Set(folds());
    found.forEach(function (node) {
      folded.delete(node.data.kind);
    });
    return { asked: asked, path: path, found: new Set(found), shown: shown, folded: folded };
  }

  // --- the drawing -----------------------------------------------------------------------------------------------

  function layOut(seen) {
    var height = 0;
    var shown = columns.map(function (column) {
      var here = column.nodes.filter(seen.shown.has, seen.shown);
      var isFolded = seen.folded.has(column.kind);
      var used = here.reduce(function (sum, node) {
        return sum + (isFolded ? KNOT_HEIGHT : node.height);
      }, 0);
      height = Math.max(height, used + NODE_GAP * here.length);
      return { nodes: here, isFolded: isFolded, used: used };
    });
    var x = 0;
    shown.forEach(function (column, index) {
      var before = 0;
      columns[index].x = x;
      column.nodes.forEach(function (node, place) {
        var own = column.isFolded ? KNOT_HEIGHT : node.height;
        var share = ((height - column.used) * (2 * place + 1)) / (2 * column.nodes.length);
        node.x = column.isFolded ? x + FOLDED_WIDTH / 2 : x;
        node.right = column.isFolded ? node.x : x + NODE_WIDTH;
        node.y = before + Math.floor(share);
        node.middle = node.y + Math.floor(own / 2);
        before += own;
      });
      x += (column.isFolded ? FOLDED_WIDTH : NODE_WIDTH) + COLUMN_GAP;
    });
    return { width: Math.max(0, x - COLUMN_GAP), height: height };
  }

  function curve(upper, lower) {
    var middle = Math.floor((upper.right + lower.x) / 2);
    return (
      "M" + upper.right + " " + upper.middle + "C" + middle + " " + upper.middle + " " + middle + " " + lower.middle +
      " " + lower.x + " " + lower.middle
    );
  }

  function draw(seen) {
    var size = layOut(seen);
    svg.setAttribute("width", size.width);
    svg.setAttribute("height", size.height);
    svg.setAttribute("viewBox", "0 0 " + size.width + " " + size.height);
    svg.classList.toggle("has-path", Boolean(seen.path));
    heads.setAttribute("width", size.width);
    heads.setAttribute("viewBox", "0 0 " + size.width + " 36");
    columns.forEach(function (column) {
      var isFolded = seen.folded.has(column.kind);
      var count = column.nodes.filter(seen.shown.has, seen.shown).length;
      var share = count === column.nodes.length ? String(count) : count + " van " + column.nodes.length;
      column.head.setAttribute("x", column.x);
      column.head.classList.toggle("is-folded", isFolded);
      column.head.querySelector("tspan").textContent = isFolded ? "…" : column.head.dataset.noun + " (" + share + ")";
    });
    order.forEach(function (node) {
      var list = node.group.classList;
      var isSelected = node === wishes.selected;
      list.toggle("is-away", !seen.shown.has(node));
      list.toggle("is-folded", seen.folded.has(node.data.kind));
      list.toggle("is-selected", isSelected);
      list.toggle("is-on-path", Boolean(seen.path) && (seen.path.above.has(node) || seen.path.below.has(node)));
      list.toggle("is-found", seen.found.has(node));
      if (seen.shown.has(node)) {
        node.group.setAttribute("transform", "translate(" + node.x + " " + node.y + ")");
      }
      if (isSelected) {
        node.link.setAttribute("aria-current", "true");
      } else {
        node.link.removeAttribute("aria-current");
      }
      if (isPage) {
        node.link.setAttribute("href", address(node, isSelected) + "#tekening");
      }
    });
    lines.forEach(function (line) {
      var isShown = seen.shown.has(line.upper) && seen.shown.has(line.lower);
      var path = seen.path;
      line.element.classList.toggle("is-away", !isShown);
      line.element.classList.toggle(
        "is-on-path",
        Boolean(path) &&
          ((path.above.has(line.upper) && path.above.has(line.lower)) ||
            (path.below.has(line.upper) && path.below.has(line.lower)))
      );
      if (isShown) {
        line.element.setAttribute("d", curve(line.upper, line.lower));
      }
    });
    rove(seen);
  }

  // --- words -----------------------------------------------------------------------------------------------------

  function make(tag, text, className) {
    var element = document.createElement(tag);
    element.textContent = text;
    if (className) {
      element.className = className;
    }
    return element;
  }

  function linkTo(href, text) {
    var link = make("a", text, LINK);
    link.setAttribute("href", href);
    return link;
  }

  function sentence(beginning, named) {
    var names = named
      .slice(0, NAMES)
      .map(function (node) {
        return node.data.name;
      })
      .join("; ");
    var more = named.length > NAMES ? "; en nog " + (named.length - NAMES) : "";
    return beginning + (names ? ": " + names + more : "") + ".";
  }

  function inDanger(node) {
    return node.data.kind === "goal" && (node.data.standing === "at_risk" || node.data.standing === "not_achieved");
  }

  function kindLabel(node) {
    return entries[node.key].querySelector(".app-meta").textContent;
  }

  function sayPath(seen) {
    var parts = [];
    var node = wishes.selected;
    if (node) {
      parts.push(make("h2", kindLabel(node) + ": " + node.data.label, "utrecht-heading-3"));
      [
        [node.data.danger, seen.path.down.filter(inDanger)],
        [node.data.up, seen.path.up],
        [node.data.down, seen.path.down],
      ].forEach(function (part) {
        if (part[0]) {
          parts.push(make("p", sentence(part[0], part[1])));
        }
      });
      var links = make("p", "", "net-path__links");
      var other = linkTo(address(node, !wishes.focused), wishes.focused ? "Toon ook de rest" : "Toon alleen dit pad");
      other.addEventListener("click", function (event) {
        event.preventDefault();
        choose(node, !wishes.focused);
        focusPad();
      });
      links.append(other);
      if (isPage && node.data.url) {
        var kind = node.data.kind === "theme" ? "onderdeel" : "doel";
        links.append(" ", linkTo(node.data.url, "Naar de pagina van dit " + kind));
      }
      var none = linkTo(address(null, false), "Wis de keuze");
      none.addEventListener("click", function (event) {
        event.preventDefault();
        choose(null, false);
        focusPad();
      });
      links.append(" ", none);
      parts.push(links);
    } else {
      parts.push(
        make("p", "Kies een blok: u ziet dan waar het aan bijdraagt en wat het voedt. Kies het nog eens voor alleen dat pad.")
      );
    }
    pad.replaceChildren.apply(pad, parts);
  }

  // What was used is gone: the keyboard goes on where the answer is.
  function focusPad() {
    pad.setAttribute("tabindex", "-1");
    pad.focus();
  }

  function sayCount(seen) {
    var isNarrowed = seen.shown.size < order.length;
    document.getElementById("netwerk-aantal").textContent =
      (isNarrowed ? seen.shown.size + " van " + order.length + " blokken getoond" : order.length + " blokken") +
      (seen.asked.length ? ", " + seen.found.size + " gevonden" : "");
    var list = document.getElementById("netwerk-gevonden");
    list.hidden = !seen.found.size;
    list.replaceChildren.apply(
      list,
      Array.from(seen.found).map(function (node) {
        var item = document.createElement("li");
        var link = linkTo(address(node, false), node.data.name);
        link.addEventListener("click", function (event) {
          event.preventDefault();
          choose(node, false);
          focusPad();
        });
        item.append(link);
        return item;
      })
    );
  }

  // --- the list --------------------------------------------------------------------------------------------------

  function writeList(seen) {
    var written = new Set();

    function item(node) {
      var made = document.createElement("li");
      if (written.has(node)) {
        var again = make("div", "", "net-entry");
        again.append(
          make("span", kindLabel(node), "app-meta"), " ", linkTo("#lijst-" + node.key, node.data.name), " ",
          make("span", "(staat al in de lijst)", "app-meta")
        );
        mark(again, node, seen);
        made.append(again);
        return made;
      }
      written.add(node);
      made.append(entries[node.key]);
      mark(entries[node.key], node, seen);
      var below = node.below.filter(seen.shown.has, seen.shown);
      if (below.length) {
        var list = document.createElement("ul");
        list.append.apply(list, below.map(item));
        made.append(list);
      }
      return made;
    }

    var top = make("ul", "", "net-list");
    order.forEach(function (node) {
      if (seen.shown.has(node) && !node.above.some(seen.shown.has, seen.shown)) {
        top.append(item(node));
      }
    });
    document.getElementById("netwerk-lijst").replaceChildren(top);
  }

  function mark(entry, node, seen) {
    var isOnPath = Boolean(seen.path) && (seen.path.above.has(node) || seen.path.below.has(node));
    entry.classList.toggle("is-on-path", isOnPath);
    entry.classList.toggle("is-found", seen.found.has(node));
  }

  // --- the address -----------------------------------------------------------------------------------------------

  function address(selected, focused) {
    if (!isPage) {
      return "#pad";
    }
    var query = new URLSearchParams();
    ["ronde", "q"].concat(FILTERS).forEach(function (name) {
      var value = field(name).trim();
      if (value) {
        query.append(name, value);
      }
    });
    folds().forEach(function (kind) {
      query.append("dicht", kind);
    });
    if (selected) {
      query.append("knoop", selected.key);
      if (focused) {
        query.append("focus", "1");
      }
    }
    var text = query.toString();
    return text ? "?" + text : window.location.pathname;
  }

  function show() {
    var seen = look();
    draw(seen);
    sayPath(seen);
    sayCount(seen);
    writeList(seen);
    if (isPage) {
      window.history.replaceState(null, "", address(wishes.selected, wishes.focused) + window.location.hash);
      all("[data-network-file]").forEach(function (link) {
        link.search = window.location.search;
      });
    }
    return seen;
  }

  function choose(node, focused) {
    wishes.selected = node;
    wishes.focused = node !== null && focused;
    show();
  }

  // --- walking ---------------------------------------------------------------------------------------------------

  function canWalk(node) {
    return !node.group.classList.contains("is-away") && !node.group.classList.contains("is-folded");
  }

  // One node is in the order of the Tab key; the arrows go to the others.
  function rove() {
    if (!current || !canWalk(current)) {
      current = wishes.selected && canWalk(wishes.selected) ? wishes.selected : order.find(canWalk) || null;
    }
    order.forEach(function (node) {
      node.link.setAttribute("tabindex", node === current ? "0" : "-1");
    });
  }

  function goTo(node) {
    if (node) {
      current = node;
      rove();
      node.link.focus({ preventScroll: true });
      node.group.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }

  function inColumn(node, step) {
    var here = columns[node.column].nodes.filter(canWalk);
    return here[here.indexOf(node) + step];
  }

  // Along a line to the nearest node on that side, through folded columns.
  function alongLine(node, side) {
    var passed = new Set();
    var there = node[side];
    while (there.length) {
      var open = there.filter(canWalk);
      if (open.length) {
        return open.reduce(function (best, other) {
          return Math.abs(other.middle - node.middle) < Math.abs(best.middle - node.middle) ? other : best;
        });
      }
      there = there.flatMap(function (other) {
        return passed.has(other) || other.group.classList.contains("is-away") ? [] : passed.add(other) && other[side];
      });
    }
    return null;
  }

  var STEPS = {
    ArrowUp: function (node) {
      return inColumn(node, -1);
    },
    ArrowDown: function (node) {
      return inColumn(node, 1);
    },
    ArrowLeft: function (node) {
      return alongLine(node, "above");
    },
    ArrowRight: function (node) {
      return alongLine(node, "below");
    },
    Home: function (node) {
      return columns[node.column].nodes.find(canWalk);
    },
    End: function (node) {
      return columns[node.column].nodes.filter(canWalk).pop();
    },
  };

  function nodeOf(target) {
    var group = target.closest ? target.closest(".net-node") : null;
    return group ? nodes[group.dataset.key] : null;
  }

  svg.addEventListener("keydown", function (event) {
    var node = nodeOf(event.target);
    if (node && STEPS[event.key] && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      goTo(STEPS[event.key](node));
    }
  });
  svg.addEventListener("focusin", function (event) {
    var node = nodeOf(event.target);
    if (node && node !== current) {
      current = node;
      rove();
    }
  });
  svg.addEventListener("click", function (event) {
    var node = nodeOf(event.target);
    if (node && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      choose(node, node === wishes.selected);
      goTo(node);
    }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape" || !wishes.selected || form.contains(event.target)) {
      return;
    }
    choose(wishes.focused ? wishes.selected : null, false);
    if (current && svg.contains(document.activeElement)) {
      goTo(current);
    }
  });
  document.getElementById("netwerk-lijst").addEventListener("click", function (event) {
    var link = event.target.closest("a");
    var entry = link && link.closest(".net-entry[data-key]");
    if (entry && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      choose(nodes[entry.dataset.key], false);
      focusPad();
    }
  });

  // --- search and filters ----------------------------------------------------------------------------------------

  var waiting = 0;
  function narrow() {
    window.clearTimeout(waiting);
    var seen = show();
    if (seen.found.size) {
      var first = seen.found.values().next().value;
      scroll.scrollTop = Math.max(0, first.y - 60);
      scroll.scrollLeft = Math.max(0, first.x - 60);
    }
  }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    narrow();
  });
  form.addEventListener("change", narrow);
  form.addEventListener("input", function () {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(narrow, 200);
  });
  document.getElementById("netwerk-wis").addEventListener("click", function (event) {
    event.preventDefault();
    all("input[type=search], select", form).forEach(function (control) {
      control.value = "";
    });
    all("[name=dicht]", form).forEach(function (box) {
      box.checked = false;
    });
    choose(null, false);
  });

  document.getElementById("netwerk-toetsen").hidden = false;
  draw(look());
})();
