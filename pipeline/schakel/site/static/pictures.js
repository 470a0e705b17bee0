// What a script adds to pictures: neighbours of what is pointed at, sizes, a choice of kinds, and trees opened at once.
// Without it every picture is there and can be read. All words come from the picture (`data-…`).

const SVG = "http://www.w3.org/2000/svg";
const STEP = 1.25;
const SMALLEST = 0.4;
const LARGEST = 4;
const DASHES = 5;

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

function tools(figure) {
  let bar = figure.querySelector(".picture-tools");
  if (!bar) {
    bar = document.createElement("div");
    bar.className = "picture-tools";
    figure.prepend(bar);
  }
  return bar;
}

// Sizes: by attributes, as a style would be refused by the site's Content-Security-Policy.
function resizable(figure, svg) {
  const { width, height } = svg.viewBox.baseVal;
  let scale = 1;
  const resize = (wanted) => {
    scale = Math.min(Math.max(wanted, SMALLEST), LARGEST);
    svg.setAttribute("width", Math.round(width * scale));
    svg.setAttribute("height", Math.round(height * scale));
  };
  const buttons = document.createElement("div");
  buttons.append(
    button(figure.dataset.smaller, () => resize(scale / STEP)),
    " ",
    button(figure.dataset.larger, () => resize(scale * STEP)),
    " ",
    button(figure.dataset.natural, () => resize(1)),
  );
  tools(figure).append(buttons);
}

// The lines of a picture that are not left out, as pairs of numbers of nodes.
function linesOf(svg) {
  return [...svg.querySelectorAll("[data-from]:not(.is-off)")];
}

// All that is at most `reach` lines away from a node: nodes and lines.
function near(svg, start, reach) {
  const nodes = new Set([start]);
  const lines = new Set();
  for (let step = 0; step < reach; step += 1) {
    const known = new Set(nodes);
    for (const line of linesOf(svg)) {
      const { from, to } = line.dataset;
      if (known.has(from) || known.has(to)) {
        lines.add(line);
        nodes.add(from).add(to);
      }
    }
  }
  return { nodes, lines };
}

function pointing(svg) {
  const clear = () => {
    svg.classList.remove("is-pointing");
    svg.querySelectorAll(".is-near").forEach((each) => each.classList.remove("is-near"));
  };
  const show = (event) => {
    const node = event.target.closest("[data-node]");
    clear();
    if (!node) return;
    const { nodes, lines } = near(svg, node.dataset.node, Number(node.dataset.reach));
    lines.forEach((line) => line.classList.add("is-near"));
    svg.querySelectorAll("[data-node]").forEach((each) => each.classList.toggle("is-near", nodes.has(each.dataset.node)));
    svg.classList.add("is-pointing");
  };
  svg.addEventListener("pointerover", show);
  svg.addEventListener("focusin", show);
  svg.addEventListener("pointerleave", clear);
  svg.addEventListener("focusout", clear);
}

// How the lines of a kind are drawn, for its checkbox.
function sample(number) {
  const svg = document.createElementNS(SVG, "svg");
  const group = document.createElementNS(SVG, "g");
  const line = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 32 8");
  svg.setAttribute("aria-hidden", "true");
  group.setAttribute("class", `edge dash-${number % DASHES}`);
  line.setAttribute("class", "line");
  line.setAttribute("d", "M0,4H32");
  group.append(line);
  svg.append(group);
  return svg;
}

function checkbox(kind, number, act) {
  const label = document.createElement("label");
  const box = document.createElement("input");
  const text = document.createElement("bdi");
  box.type = "checkbox";
  box.checked = true;
  box.value = number;
  box.addEventListener("change", act);
  text.textContent = kind;
  label.append(box, sample(number), text);
  return label;
}

function filtered(figure, svg) {
  const fieldset = document.createElement("fieldset");
  const legend = document.createElement("legend");
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  legend.textContent = figure.dataset.filter;
  const filter = () => {
    const chosen = new Set([...fieldset.querySelectorAll("input:checked")].map((box) => box.value));
    svg.querySelectorAll("[data-kinds]").forEach((line) => {
      line.classList.toggle("is-off", !line.dataset.kinds.split(" ").some((kind) => chosen.has(kind)));
    });
    const linked = new Set(linesOf(svg).flatMap(({ dataset }) => [dataset.from, dataset.to]));
    svg.querySelectorAll("[data-node]").forEach((node) => node.classList.toggle("is-alone", !linked.has(node.dataset.node)));
    const shown = svg.querySelectorAll(".edge:not(.is-off)").length;
    status.textContent = figure.dataset.shown.replace("{shown}", shown);
  };
  fieldset.append(legend, ...JSON.parse(figure.dataset.kinds).map((kind, number) => checkbox(kind, number, filter)), status);
  tools(figure).append(fieldset);
}

function folding(figure) {
  const fold = (open) => figure.querySelectorAll("details").forEach((each) => each.toggleAttribute("open", open));
  const buttons = document.createElement("div");
  buttons.append(
    button(figure.dataset.open, () => fold(true)),
    " ",
    button(figure.dataset.close, () => fold(false)),
  );
  tools(figure).append(buttons);
}

export function enliven(figure) {
  const svg = figure.querySelector(".picture-scroll > svg");
  if (svg) {
    resizable(figure, svg);
    pointing(svg);
    if (figure.dataset.kinds) filtered(figure, svg);
  }
  if (figure.dataset.open) folding(figure);
}

document.querySelectorAll("figure[data-picture]").forEach(enliven);
