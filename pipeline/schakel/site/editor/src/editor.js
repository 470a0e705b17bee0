// The free editor: YASGUI, whose questions go to the worker and whose answers are drawn as everywhere on the site.

import Yasgui from "@zazuko/yasgui";
import "@zazuko/yasgui/build/yasgui.min.css";
import { converse } from "../../static/question/conversation.js";
import { settingsOf } from "../../static/question/page.js";
import { declared, prefixCompleter } from "./prefixes.js";
import { answerViews } from "./views.js";

/** Gives the query that the address asks for: `#query=…` as YASGUI writes it, `?query=…`, or `?canned=` and the name of one; null where it asks for none. */
async function asked(settings) {
  const [hash, search] = [window.location.hash.slice(1), window.location.search].map((part) => new URLSearchParams(part));
  const name = search.get("canned");
  return hash.get("query") ?? search.get("query") ?? (name && (await canned(name, settings)));
}

function configure(settings, views) {
  const { Yasqe, Yasr } = Yasgui;
  // Lists are merged place by place, so that they are emptied here: what comes with YASGUI asks other hosts, or keeps things in the browser.
  Yasqe.defaults.autocompleters.splice(0, Infinity, "variables");
  Yasqe.registerAutocompleter(prefixCompleter(settings.prefixes));
  for (const name of Object.keys(Yasr.defaults.plugins)) delete Yasr.defaults.plugins[name];
  Yasr.defaults.pluginOrder.splice(0, Infinity, ...Object.keys(views));
  for (const [name, view] of Object.entries(views)) Yasr.registerPlugin(name, view);
  // With the Tab key one must be able to leave the editor.
  Object.assign(Yasqe.defaults.extraKeys, { Tab: false, "Shift-Tab": false });
}

function open(place, settings, views) {
  configure(settings, views);
  const dump = new URL(settings.dump, settings.root).href;
  return new Yasgui(place, {
    autofocus: false,
    persistenceId: null,
    populateFromUrl: false,
    copyEndpointOnNewTab: false,
    requestConfig: { endpoint: dump },
    endpointCatalogueOptions: { getData: () => [] },
    yasqe: { value: settings.query, showQueryButton: false, resizeable: true, editorHeight: "22rem" },
    yasr: { defaultPlugin: "answer", prefixes: settings.prefixes },
  });
}

async function canned(name, settings) {
  const response = await window.fetch(new URL(`queries/${encodeURIComponent(name)}.rq`, settings.root));
  return response.ok ? response.text() : null;
}

async function start(page) {
  const settings = settingsOf(page);
  const shown = { answer: null, context: null };
  const yasgui = open(page.querySelector("#editor"), settings, answerViews(settings.words, shown));
  const tab = yasgui.getTab();
  const yasqe = tab.getYasqe();
  const conversation = converse(page, settings, {
    question: () => {
      const before = declared(yasqe, settings.prefixes);
      // The address holds the query, to be kept or sent to somebody.
      window.history.replaceState(null, "", `#query=${encodeURIComponent(before)}`);
      return { before, after: "", base: settings.base, values: [] };
    },
    show: (place, answer) => {
      shown.answer = answer;
      tab.getYasr().setResponse({ data: { head: { vars: [] } } });
    },
  });
  shown.context = conversation.context;
  const run = () => conversation.ask();
  yasqe.query = async () => run();
  yasqe.setOption("extraKeys", { ...yasqe.getOption("extraKeys"), "Ctrl-Enter": run, "Cmd-Enter": run });
  const field = yasqe.getInputField();
  field.setAttribute("aria-label", settings.words.sparql);
  field.setAttribute("aria-describedby", "editor-keys");
  page.querySelector('[data-part="run"]').addEventListener("click", run);
  const examples = page.querySelector("select[data-part=examples]");
  examples.addEventListener("change", async () => {
    const text = examples.value && (await canned(examples.value, settings));
    if (text) yasqe.setValue(text);
  });
  const text = await asked(settings);
  if (text) yasqe.setValue(text);
  page.querySelector('[data-part="conversation"]').hidden = false;
  yasqe.refresh();
}

for (const page of document.querySelectorAll("[data-editor]")) start(page);
