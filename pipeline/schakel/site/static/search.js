// Suggestions while a reader types into a search field, and the results of the search page. Without it the form leads to that page, which has lists.

import { Index } from "./search-index.js";
import { ask, best, pieces } from "./search-match.js";

const SUGGESTIONS = 8;
const RESULTS = 100;
const PAUSE = 120;

const indexes = new Map();

/** Look a text up for a reader of a page. */
async function search(place, text, most) {
  const address = new URL(`${place.dataset.root}static/search/`, document.baseURI).href;
  if (!indexes.has(address)) indexes.set(address, new Index(address));
  const index = indexes.get(address);
  const [asked, rank] = [ask(text), await index.languages(place.dataset.language)];
  const found = asked.plain ? best(await index.things(asked), asked, rank, most) : [];
  const results = found.map(async (hit) => ({ ...hit, asked, kind: await index.kind(hit.thing, place.dataset.language) }));
  return Promise.all(results);
}

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) if (value) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

/** Give a name as nodes, with what was asked for marked. */
function marked(name, hit, className) {
  const parts = hit.whole && name === hit.matched ? [[name.text, true]] : pieces(name.text, hit.asked);
  // A name may be written from right to left, or hold signs that turn what stands after it.
  return element("bdi", { class: className, lang: name.language }, ...parts.map(([text, fits]) => (fits ? element("mark", {}, text) : text)));
}

/** Give a link to what was found: its name, the name that fitted where it is another one, and its kind. */
function link(place, hit, attributes) {
  const path = `${hit.thing.path.split("/").map(encodeURIComponent).join("/")}.html`;
  const other = hit.matched.text === hit.shown.text ? [] : [" ", marked(hit.matched, hit, "search-other")];
  const kind = hit.kind ? [" ", element("span", { class: "search-kind" }, hit.kind)] : [];
  return element("a", { href: `${place.dataset.pages || "./"}${path}`, ...attributes }, marked(hit.shown, hit, "search-name"), ...other, ...kind);
}

/** Tell how many there are: where no more were looked for, there may be more. */
function atLeast(number, most) {
  return number < most ? number : `${most}+`;
}

function say(status, place, number) {
  const message = number === null ? place.dataset.failed : number ? place.dataset.found.replace("%(count)s", number) : place.dataset.nothing;
  if (status.textContent !== message) status.textContent = message;
}

/** Make a combobox of the field of a form: suggestions in a list, gone through by arrow keys. */
class Suggestions {
  #form;
  #field;
  #list;
  #status;
  #chosen = -1;
  #timer;
  #asked = "";

  constructor(form) {
    this.#form = form;
    this.#field = form.querySelector("input[type=search]");
    const name = `${this.#field.id}-suggestions`;
    this.#list = element("div", { id: name, class: "search-list", role: "listbox", "aria-label": form.dataset.suggestions, hidden: "hidden" });
    this.#status = element("p", { class: "search-status", role: "status" });
    form.append(this.#list, this.#status);
    const attributes = { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-controls": name, "aria-expanded": "false" };
    for (const [attribute, value] of Object.entries(attributes)) this.#field.setAttribute(attribute, value);
    this.#field.addEventListener("focus", () => search(form, "", 0).catch(() => {}), { once: true });
    this.#field.addEventListener("input", () => this.#soon());
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    // A press on a suggestion must not take the focus from the field before it is a click.
    this.#list.addEventListener("mousedown", (event) => event.preventDefault());
    form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || this.#close());
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#show(), PAUSE);
  }

  async #show() {
    const text = this.#field.value.trim();
    this.#asked = text;
    if (!text) return this.#close();
    const hits = await search(this.#form, text, SUGGESTIONS).catch(() => null);
    // An answer that comes after the reader has typed on, or left, is no longer wanted.
    if (this.#asked !== text || document.activeElement !== this.#field) return undefined;
    this.#close();
    this.#asked = text;
    const options = (hits ?? []).map((hit, place) => link(this.#form, hit, { role: "option", id: `${this.#list.id}-${place}`, tabindex: "-1", "aria-selected": "false" }));
    this.#list.replaceChildren(...options);
    this.#open(options.length > 0);
    return say(this.#status, this.#form, hits && atLeast(hits.length, SUGGESTIONS));
  }

  #open(open) {
    this.#list.hidden = !open;
    this.#field.setAttribute("aria-expanded", String(open));
  }

  #close() {
    clearTimeout(this.#timer);
    this.#asked = "";
    this.#choose(-1);
    this.#open(false);
    this.#status.textContent = "";
  }

  #choose(place) {
    const options = Array.from(this.#list.children);
    this.#chosen = place;
    options.forEach((option, number) => option.setAttribute("aria-selected", String(number === place)));
    if (options[place]) {
      this.#field.setAttribute("aria-activedescendant", options[place].id);
      options[place].scrollIntoView({ block: "nearest" });
    } else {
      this.#field.removeAttribute("aria-activedescendant");
    }
  }

  #key(event) {
    const open = !this.#list.hidden;
    const count = this.#list.children.length;
    // One more place than there are suggestions: the field itself.
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.isComposing) return;
    if (event.key in steps && !open) this.#show();
    else if (event.key in steps) this.#choose(((this.#chosen + 1 + steps[event.key] + count + 1) % (count + 1)) - 1);
    else if (event.key === "Escape" && open) this.#close();
    else if (event.key === "Enter" && open && this.#chosen >= 0) this.#list.children[this.#chosen].click();
    else return;
    event.preventDefault();
  }
}

/** Fill the search page with what its address asks for. */
async function fill(place) {
  const text = new URLSearchParams(location.search).get("q")?.trim() ?? "";
  for (const field of document.querySelectorAll("form.search input[type=search]")) field.value = text;
  if (!text) return;
  const hits = await search(place, text, RESULTS).catch(() => null);
  place.querySelector("ol").replaceChildren(...(hits ?? []).map((hit) => element("li", {}, link(place, hit, {}))));
  say(place.querySelector("[role=status]"), place, hits && atLeast(hits.length, RESULTS));
}

for (const form of document.querySelectorAll("form.search")) new Suggestions(form);
for (const place of document.querySelectorAll(".search-results")) fill(place);
