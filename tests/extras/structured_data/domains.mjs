// Prints schema.org's classes with their parents, and its properties with the classes that they are meant for.
import { vocabulary } from "./vocabulary.mjs";

const { parents, domains } = await vocabulary();
console.log(JSON.stringify({ parents: Object.fromEntries(parents), domains: Object.fromEntries(domains) }));
