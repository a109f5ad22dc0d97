// What HTML and htmx do not do by themselves: dialogs, the list of commands, scrolling, and keeping what is
// being typed while the form is drawn anew.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);

  // --- modal: a native dialog follows the content that the server sends ---
  const modal = byId("modal");
  let shownView = null;

  function focusFirst(form) {
    const wrong = form.querySelector('[aria-invalid="true"], [data-wrong] input');
    const first = form.querySelector(".modalbody input:not([type=hidden]), .modalbody textarea, .modalbody select");
    (wrong || first || form.querySelector("#modal-title")).focus();
  }

  function followModal() {
    if (!modal) return;
    const form = byId("modal-form");
    if (form && !modal.open) modal.showModal();
    if (!form && modal.open) modal.close();
    const view = form ? form.dataset.view : null;
    if (form && view !== shownView) focusFirst(form);
    shownView = view;
  }

  if (modal) {
    modal.addEventListener("cancel", (event) => {
      event.preventDefault();
      const close = byId("modal-close");
      if (close) close.click();
    });
  }

  // --- what somebody types while an answer is on its way is put back ---
  const dirty = new Map();
  const nameOf = (field) => field.name + (/^(checkbox|radio)$/.test(field.type) ? "=" + field.value : "");
  document.addEventListener("input", (event) => {
    if (event.target.form && event.target.form.id === "modal-form") dirty.set(nameOf(event.target), event.target);
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const target = event.detail.target;
    if (target && target.id === "modal-body") dirty.clear();
  });

  function putBack() {
    const form = byId("modal-form");
    if (form) {
      for (const field of form.elements) {
        const typed = dirty.get(nameOf(field));
        if (typed && typed !== field && typed.form && typed.form.dataset.view === form.dataset.view) {
          field.value = typed.value;
          field.checked = typed.checked;
        }
      }
    }
  }

  let focusedWrong = "";
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "modal-body") {
      putBack();
      followModal();
      const wrong = document.querySelectorAll("#modal-form .error");
      const said = Array.from(wrong, (one) => one.id + one.textContent).join("|");
      if (said && said !== focusedWrong) focusFirst(byId("modal-form"));
      focusedWrong = said;
      const trouble = document.querySelector("#modal-form .trouble");
      if (trouble && !wrong.length) trouble.scrollIntoView({ block: "nearest" });
    }
    if (event.detail.target.id === "messages") toNewest();
  });

  // --- "are you sure?" ---
  document.addEventListener("htmx:confirm", (event) => {
    const data = event.detail.elt.dataset;
    if (!data.confirmTitle) return;
    event.preventDefault();
    const box = byId("confirm");
    const put = (id, words) => { byId(id).textContent = words || byId(id).dataset.fallback || ""; };
    put("confirm-title", data.confirmTitle);
    put("confirm-text", data.confirmText);
    put("confirm-yes", data.confirmYes);
    put("confirm-no", data.confirmNo);
    byId("confirm-yes").className = "button " + (data.confirmStyle === "danger" ? "danger" : "primary");
    byId("confirm-yes").onclick = () => { box.close(); event.detail.issueRequest(true); };
    byId("confirm-no").onclick = () => box.close();
    box.showModal();
    byId("confirm-no").focus();
  });

  // --- the composer and its commands ---
  const say = byId("say");
  const list = byId("commands");
  const options = () => Array.from(list.querySelectorAll("[role=option]:not([hidden])"));
  let active = -1;

  function offerCommands() {
    const words = say.value;
    const open = words.startsWith("/") && !words.includes(" ");
    for (const one of list.children) one.hidden = !one.dataset.name.startsWith(words);
    list.hidden = !open || !options().length;
    say.setAttribute("aria-expanded", String(!list.hidden));
    active = -1;
    mark();
  }

  function mark() {
    options().forEach((one, index) => one.setAttribute("aria-selected", String(index === active)));
    const one = options()[active];
    if (one) say.setAttribute("aria-activedescendant", one.id);
    else say.removeAttribute("aria-activedescendant");
  }

  function choose(one) {
    say.value = one.dataset.name + " ";
    list.hidden = true;
    say.setAttribute("aria-expanded", "false");
    say.removeAttribute("aria-activedescendant");
    say.focus();
  }

  if (say) {
    say.addEventListener("input", offerCommands);
    say.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      const every = options();
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        active = (active + (event.key === "ArrowDown" ? 1 : -1) + every.length) % every.length;
        mark();
      } else if (event.key === "Tab" || (event.key === "Enter" && active >= 0)) {
        event.preventDefault();
        choose(every[Math.max(active, 0)]);
      } else if (event.key === "Escape") {
        list.hidden = true;
        say.setAttribute("aria-expanded", "false");
      }
    });
    list.addEventListener("mousedown", (event) => {
      const one = event.target.closest("[role=option]");
      if (one) { event.preventDefault(); choose(one); }
    });
    byId("composer").addEventListener("htmx:beforeRequest", () => {
      say.value = "";
      list.hidden = true;
    });
  }

  // --- menus close when something in them is chosen, on Escape, and when the pointer goes elsewhere ---
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target) || event.target.closest(".sheetlet button")) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // --- newest message in sight; after a lost connection everything is fetched again ---
  function toNewest() {
    const scroll = byId("scroll");
    if (scroll) scroll.scrollTop = scroll.scrollHeight;
  }
  document.addEventListener("htmx:sseOpen", () => {
    document.body.dataset.live = "yes";
    htmx.trigger(document.body, "refresh");
  });
  toNewest();
  followModal();
})();
