// The form of a canned query. What is filled in is in the address too, so that Back, reload and a shared link lead to the same answer.

import { draw } from "./answers.js";
import { converse } from "./conversation.js";
import { settingsOf } from "./page.js";
import { publishedAnswer } from "./published.js";
import { fillRecipes } from "./recipes.js";
import { iriOf, short } from "./terms.js";

const optionsOf = (field) => [...(field.list ?? field).querySelectorAll("option")];

/** Gives what a field says: a suggestion that was picked or typed, or what was typed. */
function valueOf(field, parameter, settings) {
  const typed = field.value.trim();
  if (typed === "" || field instanceof HTMLSelectElement) return typed;
  const wanted = typed.toLowerCase();
  const picked = field.list && optionsOf(field).find((option) => option.value.toLowerCase() === wanted);
  if (picked?.dataset.value) return picked.dataset.value;
  return parameter.kind === "iri" ? iriOf(typed, settings) : typed;
}

/** Puts a value into a field, by its name where it has one. */
function fill(field, value) {
  const named = field.list && optionsOf(field).find((option) => option.dataset.value === value);
  field.value = named ? named.value : value;
}

function start(page) {
  const settings = settingsOf(page);
  const form = page.querySelector("form");
  const place = page.querySelector('[data-part="answer"]');
  const edit = page.querySelector('[data-part="edit"]');
  const whole = [...place.childNodes];
  const fields = settings.parameters.map((each) => ({ each, field: form.querySelector(`#ask-${each.name}`) })).filter(({ field }) => field);
  const values = () =>
    fields
      .map(({ each, field }) => ({ name: each.name, variable: each.variable, kind: each.kind, typed: field.value.trim(), value: valueOf(field, each, settings) }))
      .filter(({ value }) => value !== "");

  const { ask } = converse(page, settings, {
    question: () => ({ before: settings.before, after: settings.after, base: settings.base, values: values() }),
    find: publishedAnswer(settings),
    // What was asked about is in the form: a column that says it in every row is not shown.
    show: (_, answer, context) => draw(place, answer, { ...context, without: fields.filter(({ field }) => field.value.trim()).map(({ each }) => each.column) }),
    answered: ({ query }) => {
      // The editor begins with what was asked last.
      if (edit && query) edit.hash = `query=${encodeURIComponent(query)}`;
    },
  });

  function address() {
    const parameters = new URLSearchParams(values().map(({ name, kind, value }) => [name, kind === "iri" ? short(value, { ...settings, prefixes: {} }) : value]));
    return `${window.location.pathname}${parameters.size > 0 ? `?${parameters}` : ""}`;
  }

  async function answer() {
    page.querySelector('[data-part="whole"]')?.setAttribute("hidden", "");
    await ask();
  }

  /** Brings the page in line with its address. */
  async function follow() {
    const parameters = new URLSearchParams(window.location.search);
    for (const { each, field } of fields) {
      const given = parameters.get(each.name) ?? "";
      fill(field, given !== "" && each.kind === "iri" ? iriOf(given, settings) : given);
    }
    fillRecipes(page, settings, values());
    if (values().length > 0) await answer();
    else restore();
  }

  /** Shows the published answer as the page came. */
  function restore() {
    place.replaceChildren(...whole);
    page.querySelector('[data-part="state"]').textContent = "";
    page.querySelector('[data-part="files"]').hidden = true;
    page.querySelector('[data-part="whole"]')?.removeAttribute("hidden");
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    fillRecipes(page, settings, values());
    const to = address();
    if (to !== `${window.location.pathname}${window.location.search}`) window.history.pushState(null, "", to);
    await answer();
  });
  // A choice from a list is an answer in itself; what is typed waits for the button or the Enter key.
  form.addEventListener("change", ({ target }) => {
    const picked = target.list && optionsOf(target).some((option) => option.value === target.value);
    if (picked || target instanceof HTMLSelectElement) form.requestSubmit();
  });
  window.addEventListener("popstate", follow);
  form.hidden = false;
  if (window.location.search) follow();
}

for (const page of document.querySelectorAll("[data-ask]")) start(page);
