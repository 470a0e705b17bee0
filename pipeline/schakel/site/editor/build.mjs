// Bundles the sources into ../static/sparql/, with the licences of all that is in the bundle. Run by `make editor`.

import { build } from "esbuild";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = join(HERE, "..", "static", "sparql");
const LICENCE = /^(licen[cs]e|notice|copying)/i;

const common = {
  absWorkingDir: HERE,
  bundle: true,
  charset: "utf8",
  // What licences ask to be told is told in licences.txt, for all packages.
  legalComments: "none",
  minify: true,
  metafile: true,
  outdir: OUT,
  target: ["es2022"],
};

async function packageOf(name, from) {
  // As Node looks for it: in the folder of whoever asks, then in each folder above.
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, "node_modules", name);
    try {
      return { path, about: JSON.parse(await readFile(join(path, "package.json"), "utf8")) };
    } catch (error) {
      if (folder === dirname(folder)) throw error;
    }
  }
}

/** Finds a package and all that it is made of: some come bundled already, and then only their package.json names what is inside. */
async function collect(name, from, found) {
  const { path, about } = await packageOf(name, from);
  const key = `${about.name} ${about.version}`;
  if (found.has(key)) return;
  found.set(key, { path, about });
  for (const each of Object.keys(about.dependencies ?? {})) await collect(each, path, found);
}

async function licenceOf({ path, about }) {
  const files = (await readdir(path)).filter((name) => LICENCE.test(name)).sort();
  const texts = await Promise.all(files.map((name) => readFile(join(path, name), "utf8")));
  if (texts.length > 0) return texts.join("\n\n");
  const author = typeof about.author === "string" ? about.author : (about.author?.name ?? "its authors");
  return `Copyright (c) ${author}\n\n${await readFile(join(HERE, "licences", "MIT.txt"), "utf8")}`;
}

async function licences() {
  const { dependencies } = JSON.parse(await readFile(join(HERE, "package.json"), "utf8"));
  const found = new Map();
  for (const name of Object.keys(dependencies)) await collect(name, HERE, found);
  const parts = [];
  for (const [key, each] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    parts.push(`${key} (${each.about.license ?? "see below"})\n\n${(await licenceOf(each)).trim()}\n`);
  }
  return parts.join(`\n${"-".repeat(80)}\n\n`);
}

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
// The page is a module, a worker one file. What every question needs is published as it is: see ../static/question/.
await build({ ...common, format: "esm", entryPoints: ["src/editor.js"] });
await build({ ...common, format: "iife", entryPoints: ["src/sparql-worker.js"], define: { "import.meta.url": "self.location.href" } });
await copyFile(join(HERE, "node_modules", "oxigraph", "web_bg.wasm"), join(OUT, "oxigraph.wasm"));
await writeFile(join(OUT, "licences.txt"), await licences());
