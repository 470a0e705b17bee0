// How YASGUI shows an answer: as the site does, or in the characters that the engine sent. Its own views make markup of data.

import { draw } from "../../static/question/answers.js";
import { element } from "../../static/question/page.js";

/** Gives the views by name; `shown` holds the answer that is to be seen. */
export function answerViews(words, shown) {
  class View {
    priority = 10;

    constructor(yasr) {
      this.yasr = yasr;
    }

    canHandleResults() {
      return true;
    }

    getIcon() {
      return undefined;
    }
  }
  class Answer extends View {
    label = words.answer;

    draw() {
      draw(this.yasr.resultsEl, shown.answer, shown.context);
    }
  }
  class Response extends View {
    label = words.response;
    priority = 1;

    draw() {
      this.yasr.resultsEl.replaceChildren(element("pre", { class: "sparql-graph", tabindex: "0" }, shown.answer?.text ?? ""));
    }
  }
  return { answer: Answer, response: Response };
}
