// Keys for people who decide all day, and chains that open in a row beneath. Nothing here is needed: without it every
// chain is a link and every decision a form. Letters are Latin in every language and never act while a field has focus.
(() => {
  "use strict";
  const root = document.documentElement;
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const rows = () => all("[data-keys-list] tbody > tr:not(.chain-row), [data-keys-list] > li");
  const current = () => rows().find((row) => row.getAttribute("aria-current") === "true");
  const inField = (target) => target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");

  const stored = (value) => {
    try {
      if (value !== undefined) localStorage.setItem("baham-keys", value);
      return localStorage.getItem("baham-keys");
    } catch {
      return null; // a browser may refuse storage; then the switch lasts for this page
    }
  };
  let on = root.dataset.keys !== "off" && stored() !== "off";

  function go(step) {
    const list = rows();
    if (!list.length) return;
    const at = list.indexOf(current());
    const next = list[Math.min(Math.max(at + step, 0), list.length - 1)];
    for (const row of list) {
      row.removeAttribute("aria-current");
      row.classList.remove("is-current");
      row.tabIndex = -1;
    }
    next.setAttribute("aria-current", "true");
    next.classList.add("is-current");
    next.tabIndex = 0;
    next.focus();
  }

  // On a list J and K move the row; on a matter they go to the next and the previous one of the list it came from.
  const follow = (selector) => one(selector)?.click();
  const keys = {
    j: () => (rows().length ? go(1) : follow("[data-next]")),
    k: () => (rows().length ? go(-1) : follow("[data-prev]")),
    u: () => follow("[data-back]"),
    r: () => one("[data-reason]")?.focus(),
    c: () => {
      const place = current() ?? document;
      const chain = one("details.chain", place);
      if (chain) chain.open = !chain.open;
      else one("a.chain-mark", place)?.click();
    },
    p: () => one("[data-pass]")?.click(),
    l: () => one("[data-later]")?.click(),
    "/": () => one("#find")?.focus(),
    "?": () => one("#keys")?.showModal?.(),
  };
  for (const letter of ["s", "d", "n", "e"]) {
    // The letters of the answers: they choose, and put the cursor where the reason goes. They record nothing.
    keys[letter] = () => {
      const choice = one(`[data-key="${letter}"]`);
      if (!choice) return;
      choice.checked = true;
      one("[data-reason]")?.focus();
    };
  }
  for (const n of ["1", "2", "3"]) {
    // A key chooses and no more: recording needs a reason and an act of its own.
    keys[n] = () => {
      const choice = one(`[data-choice="${n}"]`);
      if (choice) {
        choice.checked = true;
        choice.focus();
      }
    };
  }

  // Back from a matter: its row is the current one again; where it has left the list, the first is.
  const place = /^#m\d+$/.test(location.hash) ? document.getElementById(location.hash.slice(1)) : null;
  if (place && rows().includes(place)) {
    for (const row of rows()) row.tabIndex = -1;
    place.setAttribute("aria-current", "true");
    place.classList.add("is-current");
    place.tabIndex = 0;
    place.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.metaKey) return;
    if (event.ctrlKey && event.key === "Enter") {
      const form = event.target.closest("form[data-decision]");
      if (on && form) {
        event.preventDefault();
        form.requestSubmit();
      }
      return;
    }
    if (!on || event.ctrlKey || inField(event.target) || one("dialog[open]")) return;
    if (event.key === "Enter" && event.target === current()) {
      one("a[href]", event.target)?.click();
      return;
    }
    // By position where another layout gives no Latin letter, so that the keys work with an Urdu keyboard as well.
    const typed = event.key.toLowerCase();
    const act = keys[typed] ?? (/^[a-z]$/.test(typed) ? null : keys[event.code.replace(/^(Key|Digit)/, "").toLowerCase()]);
    if (!act) return;
    event.preventDefault();
    act();
  });

  // The switch in the list of keys.
  const toggle = one("[data-keys-switch]");
  if (toggle) {
    toggle.hidden = false;
    toggle.setAttribute("aria-pressed", String(on));
    toggle.addEventListener("click", () => {
      on = !on;
      stored(on ? "on" : "off");
      toggle.setAttribute("aria-pressed", String(on));
    });
  }
  for (const opener of all("[data-keys-show]")) opener.addEventListener("click", () => one("#keys")?.showModal?.());

  // A chain mark in a table: a second press closes what the first one opened; focus stays on the mark.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const mark = event.detail.elt;
    if (!mark.matches?.("a.chain-mark")) return;
    const below = mark.closest("tr")?.nextElementSibling;
    if (below?.classList.contains("chain-row")) {
      event.preventDefault();
      below.remove();
      mark.setAttribute("aria-expanded", "false");
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const mark = event.detail.requestConfig?.elt;
    if (!mark?.matches?.("a.chain-mark")) return;
    const row = mark.closest("tr");
    const cell = row?.nextElementSibling?.cells?.[0];
    if (cell) cell.colSpan = row.cells.length;
    mark.setAttribute("aria-expanded", "true");
  });
})();
