// What HTML and htmx do not do by themselves: dialogs, the list of commands, scrolling, and keeping what is
// being typed while the form is drawn anew.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);

  // --- modal: a native dialog follows the content that the server sends ---
  const modal = byId("modal");
  let shownView = null;
  let shownCallback = null;

  function focusFirst(form) {
    const wrong = form.querySelector('[aria-invalid="true"], [data-wrong] input');
    const first = form.querySelector(".modalbody input:not([type=hidden]), .modalbody textarea, .modalbody select");
    (wrong || first || form.querySelector("#modal-title")).focus();
  }

  function followModal(submitted) {
    if (!modal) return;
    const form = byId("modal-form");
    if (form && !modal.open) modal.showModal();
    if (!form && modal.open) modal.close();
    const { view, callback } = form ? form.dataset : {};
    const another = form && callback !== shownCallback; // also in the same view: one form has made way for the next
    if (form && (submitted || another || view !== shownView)) form.querySelector(".modalbody").scrollTop = 0;
    if (form && view !== shownView) focusFirst(form);
    // The form has turned into something else, or what had the focus is gone: begin at the title.
    else if (form && (another || !form.contains(document.activeElement))) byId("modal-title").focus();
    shownCallback = callback;
    shownView = view;
  }

  if (modal) {
    const askToClose = () => byId("modal-close") && byId("modal-close").click();
    modal.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      askToClose();
    });
    modal.addEventListener("cancel", (event) => event.preventDefault());
    modal.addEventListener("close", () => {
      if (byId("modal-form")) askToClose(); // the browser closed it on its own; the bot must hear of it
    });
  }

  // --- requests and answers may overtake each other, and somebody may type on while one is on its way: an older
  // answer is not shown after a newer one, and what was typed after its request left is put back. The requests
  // are numbered from the time, so that the server knows the newest, also with the page open twice ---
  let asked = 0;
  let drawn = 0;
  const numbers = new WeakMap();
  const typed = new Map();
  const isModal = (event) => event.detail.target && event.detail.target.id === "modal-body";
  const nameOf = (field) => field.name + (/^(checkbox|radio)$/.test(field.type) ? "=" + field.value : "");

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && form.id === "modal-form") {
      typed.set(nameOf(event.target), { field: event.target, after: asked, view: form.dataset.view });
    }
  });
  document.addEventListener("htmx:configRequest", (event) => {
    if (!isModal(event)) return;
    asked = Math.max(asked + 1, Date.now());
    event.detail.parameters.asked = asked;
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (isModal(event)) numbers.set(event.detail.xhr, asked);
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!isModal(event)) return;
    const number = numbers.get(event.detail.xhr) || asked;
    if (number < drawn) event.detail.shouldSwap = false;
    else drawn = number;
    for (const one of typed.values()) Object.assign(one, { value: one.field.value, checked: one.field.checked });
  });

  function typedSince(field) {
    const one = field.form && field.form.id === "modal-form" ? typed.get(nameOf(field)) : null;
    return one && one.view === field.form.dataset.view && one.after >= drawn ? one : null;
  }

  function putBack() {
    const form = byId("modal-form");
    if (!form) typed.clear();
    for (const field of form ? form.elements : []) {
      const one = typedSince(field);
      if (!one) continue;
      if (field.value !== one.value) field.value = one.value; // else the caret would jump
      field.checked = one.checked;
    }
  }

  // --- what is drawn anew is changed in place, so that a click or a caret in it is not lost; a menu stays open, and
  // what was typed since it was asked for stays ---
  Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, element) =>
    !(name === "open" && element.matches("details.menu")) && !(name === "value" && typedSince(element));

  let focusedWrong = "";
  document.addEventListener("htmx:afterSwap", (event) => {
    if (isModal(event)) {
      putBack();
      followModal(event.detail.pathInfo.requestPath.startsWith("/workspace/ui/modal/submit"));
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
