// One conversation about a question, as both pages have it: the buttons, a line that says how far it is, the answer, and files of it.

import { csv, draw, readAnswer } from "./answers.js";
import { Engine, Problem } from "./engine.js";
import { answerInWords, problemInWords, save, speaker, stateInWords } from "./page.js";

// Without this sign Excel takes a table in UTF-8 for one in the code page of the machine.
const MARK = "\uFEFF";

/**
 * Connects the buttons of a page with what answers. `question()` gives what to ask; `find(question)` gives an answer that needs no engine, or null;
 * `show` draws an answer, or takes it away where there is none.
 */
export function converse(page, settings, { question, find = async () => null, show = draw, answered = () => {} }) {
  const say = speaker(settings.words);
  const engine = new Engine({
    script: new URL(settings.worker, settings.root).href,
    dump: new URL(settings.dump, settings.root).href,
    seconds: settings.seconds,
  });
  const context = { ...settings, say };
  const part = (name) => page.querySelector(`[data-part="${name}"]`);
  const [run, stop, state, files] = ["run", "stop", "state", "files"].map(part);
  const names = Object.fromEntries((settings.parameters ?? []).map((each) => [each.name, each]));
  let answer = null;

  function tell(text, kind) {
    state.textContent = text;
    state.dataset.kind = kind;
  }

  function busy(is) {
    stop.disabled = !engine.running;
    page.setAttribute("aria-busy", String(is));
    // Whoever pressed a button that is now idle would be left at the top of the page.
    if (!is && document.activeElement === stop) run.focus();
  }

  function fromEngine(asked) {
    const found = engine.ask(asked, (each) => tell(stateInWords(say, each, settings.seconds), "busy"));
    busy(true);
    return found;
  }

  async function ask() {
    page.setAttribute("aria-busy", "true");
    try {
      const asked = question();
      answer = (await find(asked)) ?? readAnswer(await fromEngine(asked));
      tell(answerInWords(say, answer), "done");
      show(part("answer"), answer, context);
      answered(answer);
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem("query", error.message);
      // Asked again before the first answer came: that one tells how it goes on.
      if (problem.kind === "stopped" && engine.running) return;
      // An answer that stayed would be taken for that to this question.
      answer = null;
      show(part("answer"), null, context);
      tell(problemInWords(say, problem, { seconds: settings.seconds, names }), "problem");
    }
    busy(engine.running);
    files.hidden = answer === null;
    for (const button of files.querySelectorAll("button")) button.hidden = answer !== null && !(button.dataset.format in writers(answer));
  }

  stop.addEventListener("click", () => engine.stop());
  files.addEventListener("click", ({ target }) => {
    const writer = answer && writers(answer)[target.closest("button")?.dataset.format];
    if (writer) save(writer.text(), writer.media, `${settings.name}.${writer.suffix}`);
  });
  busy(false);
  return { ask, engine, say, context };
}

function writers(answer) {
  if (answer.graph !== undefined) return { turtle: { text: () => answer.graph, media: "text/turtle", suffix: "ttl" } };
  const json = { text: () => answer.text, media: "application/json", suffix: "json" };
  return answer.rows ? { csv: { text: () => MARK + csv(answer), media: "text/csv", suffix: "csv" }, json } : { json };
}
