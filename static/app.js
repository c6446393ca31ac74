// Small improvements; every page works without them.
(() => {
  "use strict";

  // Ask before what cannot be undone.
  document.addEventListener("submit", (event) => {
    const question = event.target.dataset?.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });

  // A second click does not send a form twice.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post") return;
    const button = event.submitter;
    if (button) setTimeout(() => { button.disabled = true; });
    setTimeout(() => { if (button) button.disabled = false; }, 8000);
  });

  // What was refused is read first.
  document.querySelector(".refusal")?.focus();

  // Filters act when chosen.
  for (const form of document.querySelectorAll("form[data-filters]")) {
    form.addEventListener("change", (event) => {
      if (event.target.matches("select")) form.requestSubmit();
    });
    // Empty choices do not belong into the address.
    form.addEventListener("formdata", (event) => {
      for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
    });
  }

  // The price of what is being ordered.
  for (const form of document.querySelectorAll("form[data-price]")) {
    const output = form.querySelector(".live-price");
    let newest = 0;
    const refresh = async () => {
      const request = ++newest;
      const fields = new FormData(form);
      fields.delete("csrf");
      fields.delete("once");
      // An address has no line breaks and an end: long texts have no part in a price.
      for (const [name, value] of [...fields]) {
        if (value.length > 2000) fields.delete(name);
        else fields.set(name, value.replaceAll(/\r?\n/g, ";"));
      }
      const address = form.dataset.price + "?" + new URLSearchParams(fields);
      try {
        const answer = await fetch(address, { headers: { Accept: "text/plain" } });
        const text = answer.ok ? await answer.text() : "";
        if (request !== newest) return;
        output.textContent = text;
        for (const place of document.querySelectorAll("[data-shows-price]")) {
          if (text !== "") place.textContent = text;
        }
      } catch {
        if (request === newest) output.textContent = "";
      }
    };
    let waiting;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(refresh, 250);
    });
    refresh();
  }

  // A canned reply goes in where the cursor is; what was written stays.
  for (const box of document.querySelectorAll("[data-canned]")) {
    const form = box.querySelector("form");
    const status = box.querySelector("[data-failed]");
    const reply = box.parentElement.querySelector("textarea");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const answer = await fetch(box.dataset.canned + form.elements.canned.value, { headers: { Accept: "text/plain" } });
        if (!answer.ok || answer.redirected) throw new Error("not there");
        const text = await answer.text();
        reply.setRangeText(text, reply.selectionEnd, reply.selectionEnd, "end");
        reply.dispatchEvent(new Event("input", { bubbles: true }));
        reply.focus();
        status.textContent = "";
      } catch {
        status.textContent = status.dataset.failed;
      }
    });
  }

  // What changes by itself is read again while somebody looks; other pages keep their place.
  const live = document.querySelector("[data-live]");
  if (live) {
    const refresh = async () => {
      if (document.hidden) return setTimeout(refresh, 1000);
      try {
        const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const newer = page.querySelector("#" + live.id);
        if (!answer.ok || !newer) return location.reload();
        live.replaceChildren(...newer.childNodes);
        if (!("live" in newer.dataset)) return;
      } catch {
        // The server may be restarting: it is asked again.
      }
      setTimeout(refresh, 1000);
    };
    setTimeout(refresh, 1000);
  }

  // Who else is at this ticket; said and asked every 20 seconds while somebody looks.
  const presence = document.querySelector("[data-presence]");
  if (presence) {
    const csrf = document.querySelector("main input[name=csrf]")?.value ?? "";
    const reply = document.querySelector("#reply-title")?.closest("section").querySelector("textarea");
    const say = async () => {
      const body = new URLSearchParams({ csrf, writing: reply?.value ? "1" : "0" });
      try {
        // Whoever is signed out meanwhile would be led to the sign-in page.
        const answer = await fetch(presence.dataset.presence, { method: "POST", body, redirect: "error" });
        const people = answer.ok ? (await answer.text()).trim() : "";
        if (people !== presence.textContent) presence.textContent = people;
      } catch {
        presence.textContent = "";
      }
    };
    const beat = () => {
      if (!document.hidden) say();
      setTimeout(beat, 20000);
    };
    beat();
    let written = Boolean(reply?.value);
    reply?.addEventListener("input", () => {
      if (!written) say();
      written = true;
    });
  }

  // Keys of the helpdesk. A key with Ctrl, Alt or Meta is the browser's, and one pressed in a field is typing.
  const dialog = document.querySelector("[data-keys-dialog]");
  if (dialog) {
    const remembered = (value) => {
      try {
        if (value !== undefined) localStorage.setItem("keys", value);
        return localStorage.getItem("keys");
      } catch {
        return null; // storage may be switched off; then they hold for this page
      }
    };
    let used = remembered() !== "off";
    const box = dialog.querySelector("[data-keys-switch]");
    box.checked = used;
    box.addEventListener("change", () => {
      used = box.checked;
      remembered(used ? "on" : "off");
    });
    document.querySelector("[data-keys-hint]").hidden = false;
    document.querySelector("[data-keys-help]").addEventListener("click", () => dialog.showModal());

    const links = [...document.querySelectorAll("[data-keys=queue] tbody tr td:first-child a")];
    let chosen = links.findIndex((link) => link === document.activeElement);
    const choose = (step) => {
      if (links.length === 0) return;
      chosen = Math.min(Math.max(chosen + step, 0), links.length - 1);
      for (const link of links) link.closest("tr").classList.toggle("chosen", link === links[chosen]);
      links[chosen].focus();
    };
    const acts = {
      j: () => choose(1),
      k: () => choose(chosen < 0 ? 1 : -1),
      o: () => links[chosen]?.click(),
      "/": () => document.querySelector(".list-search input")?.focus(),
      r: () => document.querySelector("#reply-title")?.closest("section").querySelector("textarea")?.focus(),
      "?": () => dialog.showModal(),
    };
    document.addEventListener("keydown", (event) => {
      if (!used || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
      if (dialog.open || event.target.closest("input, textarea, select, [contenteditable]")) return;
      const act = Object.hasOwn(acts, event.key) ? acts[event.key] : null;
      if (!act) return; // Enter opens the link that has the focus
      event.preventDefault();
      act();
    });
  }

  // Light or dark, remembered in this browser (theme.js reads it before the page is drawn).
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  for (const button of document.querySelectorAll("[data-theme-switch]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const now = root.dataset.bsTheme ?? (dark.matches ? "dark" : "light");
      const next = now === "dark" ? "light" : "dark";
      root.dataset.bsTheme = next;
      try {
        localStorage.setItem("theme", next);
      } catch {
        // Storage may be switched off; then it holds for this page.
      }
    });
  }
})();
