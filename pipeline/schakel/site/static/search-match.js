// How a name fits what was asked, by the rules of `schakel find`: capitals, accents and punctuation do not matter, and small typing errors are forgiven.

// Letters with a stroke, and ligatures, which Unicode does not take apart.
const LETTERS = { ø: "o", æ: "ae", œ: "oe", ð: "d", þ: "th", ł: "l", đ: "d", ħ: "h", ı: "i" };
// Soft hyphens, joiners, marks of direction: nobody sees or types them.
const INVISIBLE = /[\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]/gu;
// Letters one by one, with dots or a slash between them: `B.V.`, `A/S`.
const INITIALS = /(?<![\p{L}\p{N}])[\p{L}\p{Nl}\p{No}](?:(?:\. ?|\/)[\p{L}\p{Nl}\p{No}](?![\p{L}\p{N}]))+/gu;
const ABBREVIATION = 2;

// How a name fits, the best first.
const [SHORT, EXACT, BEGINNING, WORDS, INSIDE, JOINED, TYPO] = [0, 1, 2, 3, 4, 5, 6];
// Shorter texts are found inside others by chance, once spaces are gone.
const JOINED_LENGTH = 4;

/** Give the words of a text in small letters without accents, one space between them. */
export function fold(text) {
  const small = Array.from(text, folded).join("").replace(INVISIBLE, "");
  const apart = Array.from(small, (letter) => LETTERS[letter] ?? letter).join("").normalize("NFKD");
  const bare = apart.replace(/\p{M}/gu, (mark) => (combines(mark) ? "" : mark));
  const whole = bare.replace(INITIALS, (found) => found.replace(/[./ ]+/gu, ""));
  return (whole.match(/[\p{L}\p{N}]+/gu) ?? []).join(" ");
}

function folded(letter) {
  // Unicode folds the letters of Cherokee to capitals, all others to small ones; ß and ligatures become several letters.
  if (/\p{Script=Cherokee}/u.test(letter)) return letter.toUpperCase();
  return Array.from(letter.toLowerCase().toUpperCase(), (capital) => capital.toLowerCase()).join("");
}

// A mark that combines is put in front of a later one when a text is normalised; one that only looks like it stays.
const combines = (mark) => mark === "\u0345" || !`\u0345${mark}`.normalize("NFD").startsWith("\u0345");

/** Tell how many letters may be wrong: a short word with another letter is another word. */
export const allowed = (word) => (word.length >= 4) + (word.length >= 8);

/** Count the letters by which two words differ, two that changed places being one; Infinity where that is more than allowed. */
export function typos(asked, word) {
  const most = allowed(asked);
  if (Math.abs(asked.length - word.length) > most) return Infinity;
  let [before, last] = [[], Array.from({ length: word.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= asked.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= word.length; column += 1) {
      const same = asked[row - 1] === word[column - 1];
      next[column] = Math.min(last[column] + 1, next[column - 1] + 1, last[column - 1] + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && asked[row - 1] === word[column - 2] && asked[row - 2] === word[column - 1];
      if (swapped) next[column] = Math.min(next[column], before[column - 2] + 1);
    }
    if (Math.min(...next) > most) return Infinity;
    [before, last] = [last, next];
  }
  return last[word.length] <= most ? last[word.length] : Infinity;
}

/** Read a name of the index. */
export function readName([text, language, kind]) {
  const plain = fold(text);
  return { text, language, kind, plain, words: plain.split(" "), joined: plain.replaceAll(" ", "") };
}

/** Tell how well a name fits: `{fit, wrong}`, or null where it does not. */
function fitOf(asked, name) {
  if (name.plain === asked.plain) return { fit: name.kind === ABBREVIATION ? SHORT : EXACT, wrong: 0 };
  if (name.kind === ABBREVIATION && name.joined === asked.joined) return { fit: SHORT, wrong: 0 };
  if (name.plain.startsWith(asked.plain)) return { fit: BEGINNING, wrong: 0 };
  if (asked.words.every((word) => name.words.some((other) => other.startsWith(word)))) return { fit: WORDS, wrong: 0 };
  if (asked.words.every((word) => name.plain.includes(word))) return { fit: INSIDE, wrong: 0 };
  if (asked.joined.length >= JOINED_LENGTH && name.joined.includes(asked.joined)) return { fit: JOINED, wrong: 0 };
  const nearest = asked.words.map((word) => Math.min(...name.words.map((other) => (other.startsWith(word) ? 0 : typos(word, other)))));
  const wrong = nearest.reduce((sum, number) => sum + number, 0);
  return wrong === Infinity ? null : { fit: TYPO, wrong };
}

/** Take a question apart. */
export function ask(text) {
  const plain = fold(text);
  return { plain, words: plain.split(" "), joined: plain.replaceAll(" ", "") };
}

const compare = (one, other) => {
  const different = one.findIndex((value, place) => value !== other[place]);
  return different === -1 ? 0 : one[different] < other[different] ? -1 : 1;
};

/** Give the things that fit, the best first: each with the name to show and the name that fitted. `rank` tells how much a language is wanted. */
export function best(things, asked, rank, most) {
  const hits = [];
  for (const thing of asked.plain ? things : []) {
    let hit = null;
    for (const name of thing.names) {
      const found = fitOf(asked, name);
      const fit = found && [found.fit, found.wrong, rank(name.language), name.kind, name.plain.length, name.text];
      if (fit && (!hit || compare(fit, hit.fit) < 0)) hit = { thing, fit, matched: name };
    }
    if (hit) hits.push(hit);
  }
  // Of things that fit equally well the one with the shortest name: more of it is what was asked for.
  const order = ({ thing, fit, matched }) => [fit[0], fit[1], thing.place, matched.plain.length, matched.plain, thing.path];
  hits.sort((one, other) => compare(order(one), order(other)));
  return hits.slice(0, most).map(({ thing, fit, matched }) => ({ thing, matched, shown: labelOf(thing, rank), whole: fit[0] === JOINED || fit[0] === SHORT }));
}

function labelOf(thing, rank) {
  const order = (name) => [name.kind, rank(name.language), name.text];
  return thing.names.reduce((first, name) => (compare(order(name), order(first)) < 0 ? name : first));
}

/** Cut a text into `[part, fits]`, so that what was asked for can be marked. */
export function pieces(text, asked) {
  const parts = [];
  let end = 0;
  const add = (until, fits) => until > end && parts.push([text.slice(end, (end = until)), fits]);
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
    const plain = fold(word);
    const inside = asked.words.filter((part) => part && plain.includes(part)).sort((one, other) => other.length - one.length)[0];
    if (inside === undefined && !asked.words.some((part) => typos(part, plain) !== Infinity)) continue;
    // A letter that folds to two shifts the others: then the whole word is marked.
    const exact = inside !== undefined && plain.length === word.length;
    const start = index + (exact ? plain.indexOf(inside) : 0);
    add(start, false);
    add(exact ? start + inside.length : index + word.length, true);
  }
  add(text.length, false);
  return parts;
}
