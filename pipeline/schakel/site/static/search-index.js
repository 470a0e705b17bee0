// The index that `schakel build` made, read when it is first asked for: one file, or the few shards of a large one that a question needs.

import { allowed, readName, typos } from "./search-match.js";

// How many words like the one asked for are looked up, and so how many shards of names are loaded at most.
const MOST_WORDS = 6;
// No more words are looked up once those before them find so many things.
const ENOUGH = 100;
// Words of the index are cut at so many letters.
const LONGEST_WORD = 32;

/** An index of names; `address` is the URL of the folder that it lies in. */
export class Index {
  #address;
  #files = new Map();

  constructor(address) {
    this.#address = address;
  }

  /** Read the first file, which says what there is. */
  head() {
    return this.#read("index.json");
  }

  /** Give a function that ranks languages for a reader, 0 being most wanted: the page's, then those that its labels fall back to, then any. */
  async languages(language) {
    const { pages, preferred } = await this.head();
    const wanted = preferred[Math.max(0, pages.indexOf(language))];
    return (tag) => (wanted.indexOf(tag.toLowerCase()) + wanted.length + 1) % (wanted.length + 1);
  }

  /** Give what to call the kind of a thing on a page. */
  async kind(thing, language) {
    const { kinds, pages } = await this.head();
    return kinds[thing.kind][Math.max(0, pages.indexOf(language))];
  }

  /** Give the things whose names may fit what was asked. */
  async things(asked) {
    const head = await this.head();
    if (head.things) return (head.read ??= head.things.map(readThing));
    const words = await Promise.all(asked.words.map((word) => this.#like(word)));
    let found = await this.#named(this.#chosen(words, head.most));
    if (!found.length) found = await this.#named(await this.#like(asked.joined));
    return found;
  }

  /** Choose the words to look up: two that too many things have together, else those like the word that the fewest things have. */
  #chosen(words, most) {
    const exact = words.map((found) => found.find((word) => word.exact && word.count > most)?.text);
    const frequent = [...new Set(exact.filter(Boolean))].slice(0, 2).sort();
    const count = (found) => (found[0]?.exact ? found[0].count : found.reduce((sum, word) => sum + word.count, 0));
    const rare = words.map((found) => ({ found, count: count(found) })).sort((one, other) => one.count - other.count)[0];
    return rare.count > most && frequent.length > 1 ? [{ text: frequent.join(" "), count: most }] : rare.found;
  }

  /** Give words that begin with or hold the one asked for, or, where there are none, that differ from it by a typing error; the likest first. */
  async #like(word) {
    const asked = Array.from(word).slice(0, LONGEST_WORD).join("");
    const start = asked.length === 1 ? `^${asked}$` : Array.from(`^${asked}`).slice(-3).join("");
    const holding = (await this.#words([start])).filter((word) => word.text.includes(asked));
    const near = holding.length || !allowed(asked) ? [] : await this.#words(partsFor(asked));
    const found = [...holding, ...near.filter((word) => typos(asked, word.text) !== Infinity)];
    const order = ({ text }) => [text !== asked, !text.startsWith(asked), holding.length ? 0 : typos(asked, text), text.length].map(Number);
    return found
      .map((word) => ({ ...word, exact: word.text === asked, order: order(word) }))
      .sort((one, other) => one.order.reduce((sum, value, place) => sum || value - other.order[place], 0) || (one.text < other.text ? -1 : 1));
  }

  async #words(parts) {
    const found = new Map();
    for (const [part, shard] of await this.#shards("words", parts)) {
      const words = (shard[part] ?? "").split(" ");
      for (let place = 0; place + 1 < words.length; place += 2) found.set(words[place], Number(words[place + 1]));
    }
    return Array.from(found, ([text, count]) => ({ text, count }));
  }

  async #named(words) {
    const found = new Map();
    let count = 0;
    const enough = (word) => (count += word.count) - word.count < ENOUGH;
    const texts = words.slice(0, MOST_WORDS).filter(enough).map((word) => word.text);
    for (const [text, shard] of await this.#shards("names", texts)) {
      for (const thing of shard[text] ?? []) found.set(thing[0], thing);
    }
    return Array.from(found.values(), readThing);
  }

  async #shards(name, keys) {
    const count = (await this.head())[name];
    return Promise.all(keys.map(async (key) => [key, await this.#read(`${name}-${bucket(key, count)}.json`)]));
  }

  #read(file) {
    if (!this.#files.has(file)) {
      const answer = fetch(new URL(file, this.#address)).then((response) => {
        if (!response.ok) throw new Error(`${response.status} ${file}`);
        return response.json();
      });
      // What failed is asked for again the next time.
      answer.catch(() => this.#files.delete(file));
      this.#files.set(file, answer);
    }
    return this.#files.get(file);
  }
}

function readThing([path, kind, place, names]) {
  return { path, kind, place, names: names.map(readName) };
}

// Runs of three letters that lie so far apart that as many typing errors as are allowed leave one of them whole.
function partsFor(word) {
  const whole = Array.from(`^${word}$`);
  const pieces = allowed(word);
  const parts = Array.from({ length: pieces + 1 }, (_, piece) => Math.round((piece * (whole.length - 3)) / pieces));
  // Of four letters no run is left whole where the middle ones changed places.
  const swapped = word.length === 4 ? [`^${word[0]}${word[2]}`] : [];
  return [...new Set([...parts.map((start) => whole.slice(start, start + 3).join("")), ...swapped])];
}

/** Tell which of so many shards a key is in: FNV-1a of its characters. */
export function bucket(key, count) {
  let value = 0x811c9dc5;
  for (const character of key) value = Math.imul(value ^ character.codePointAt(0), 0x01000193) >>> 0;
  return value % count;
}
