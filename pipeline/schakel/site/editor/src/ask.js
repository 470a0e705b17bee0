// A canned query's form: what was filled in becomes terms in the worker, and the answer a table.

import { converse } from "./conversation.js";
import { settingsOf } from "./page.js";
import { iriOf } from "./terms.js";

/** Gives what a field says: a suggestion that was picked or typed, or what was typed. */
function valueOf(field, parameter, settings) {
  const typed = field.value.trim();
  if (typed === "" || field instanceof HTMLSelectElement) return typed;
  const wanted = typed.toLowerCase();
  const picked = [...(field.list?.options ?? [])].find((option) => option.value.toLowerCase() === wanted);
  if (picked?.dataset.value) return picked.dataset.value;
  return parameter.kind === "iri" ? iriOf(typed, settings) : typed;
}

function start(page) {
  const settings = settingsOf(page);
  const form = page.querySelector("form");
  const edit = page.querySelector('[data-part="edit"]');
  const values = () =>
    settings.parameters
      .map((each) => ({ name: each.name, variable: each.variable, kind: each.kind, value: valueOf(form.querySelector(`#ask-${each.name}`), each, settings) }))
      .filter(({ value }) => value !== "");
  const { ask } = converse(page, settings, {
    question: () => ({ before: settings.before, after: settings.after, base: settings.base, values: values() }),
    answered: ({ query }) => {
      // The editor begins with what was asked last.
      if (edit) edit.hash = `query=${encodeURIComponent(query)}`;
    },
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  form.hidden = false;
}

for (const page of document.querySelectorAll("[data-ask]")) start(page);
