// The page's end of the worker: asks it, and ends it when the reader or the limit says so.

export class Problem extends Error {
  constructor(kind, text = "") {
    super(text || kind);
    this.kind = kind;
    this.text = text;
  }
}

export class Engine {
  #dump;
  #seconds;
  #script;
  #worker = null;
  #running = null;

  /** `script` is the address of the worker, `dump` that of the N-Quads; a question that takes more than `seconds` is stopped. */
  constructor({ script, dump, seconds }) {
    this.#script = script;
    this.#dump = dump;
    this.#seconds = seconds;
  }

  get running() {
    return this.#running !== null;
  }

  /** Asks a question: `{ before, after, values }`. Whoever asked before is stopped. `onState` hears how far it is. */
  ask(question, onState = () => {}) {
    this.stop();
    return new Promise((resolve, reject) => {
      const running = { reject, timer: null, since: performance.now() };
      this.#running = running;
      this.#worker ??= new Worker(this.#script);
      this.#worker.onmessage = ({ data }) => this.#hear(data, running, resolve, onState);
      this.#worker.onerror = (event) => {
        event.preventDefault();
        this.#end(new Problem("broken"));
      };
      onState({ state: "loading" });
      this.#worker.postMessage({ ...question, dump: this.#dump });
    });
  }

  /** Stops what runs; the graph is read anew for the next question. */
  stop() {
    if (this.#running) this.#end(new Problem("stopped"));
  }

  #hear(data, running, resolve, onState) {
    if (data.state === "failed") {
      const problem = new Problem(data.problem, data.text);
      // A value or a query that is wrong leaves the graph as it was.
      if (["value", "query", "long"].includes(data.problem)) this.#settle(running)?.reject(problem);
      else this.#end(problem);
    } else if (data.state === "answered") {
      const seconds = (performance.now() - running.since) / 1000;
      this.#settle(running);
      resolve({ ...data, seconds });
    } else {
      if (data.state === "asking") {
        // Fetching and reading the graph is not counted: that takes as long as the line is slow.
        running.since = performance.now();
        running.timer = setTimeout(() => this.#end(new Problem("limit")), this.#seconds * 1000);
      }
      onState(data);
    }
  }

  #settle(running) {
    clearTimeout(running.timer);
    this.#running = null;
    return running;
  }

  #end(problem) {
    this.#worker?.terminate();
    this.#worker = null;
    if (this.#running) this.#settle(this.#running).reject(problem);
  }
}
