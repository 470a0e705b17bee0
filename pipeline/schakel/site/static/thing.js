// On the page of a thing: filters of partners, copying its JSON-LD, and opening what is folded around the place that an address leads to.

const filters = [...document.querySelectorAll("[data-chips]")];
for (const chips of filters) {
  const buttons = [...chips.querySelectorAll("button")];
  for (const button of buttons) {
    button.addEventListener("click", () => {
      for (const each of buttons) each.setAttribute("aria-pressed", String(each === button));
      const [way, kind] = filters.map((each) => each.querySelector("[aria-pressed=true]").value);
      for (const row of document.querySelectorAll("[data-ways]")) {
        const { ways, kind: own } = row.dataset;
        row.hidden = (way !== "" && !ways.split(" ").includes(way)) || (kind !== "" && own !== kind);
      }
    });
  }
  chips.hidden = buttons.length < 3;
}

/** Write the script as `schakel embed` prints it: without what it says of this page, and with nothing that could end it early. */
function embedded() {
  const document_ = JSON.parse(document.querySelector('script[type="application/ld+json"]').textContent);
  const ofPage = new Set(["WebPage", "BreadcrumbList"]);
  document_["@graph"] = document_["@graph"].filter((node) => !ofPage.has(node["@type"]));
  const text = JSON.stringify(document_, null, 1).replace(/[<>&\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `<script type="application/ld+json">\n${text}\n</script>\n`;
}

const copy = document.querySelector("[data-copy]");
if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(embedded());
    document.querySelector("[data-copied]").textContent = copy.dataset.copy;
  });
}

/** Open what is folded around the place that the address names. */
function unfold() {
  const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let around = place?.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
  place?.scrollIntoView();
}

addEventListener("hashchange", unfold);
if (location.hash) unfold();
