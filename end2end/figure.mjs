// Writes measured figures where `make bench` writes its own, and prints them: one shape for everything that is measured.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "./demo.mjs";

/** Writes one figure and prints it, unless it is to be written `quietly`. */
export function figure(name, value, unit, aim, { quietly = false } = {}) {
  const folder = join(root, "target/bench");
  mkdirSync(folder, { recursive: true });
  const rounded = Math.round(value * 1000) / 1000;
  const text = JSON.stringify({ name, value: rounded, unit, reference: null, ratio: null, aim });
  writeFileSync(join(folder, `${name}.json`), text);
  if (!quietly) console.log(`       ${[`${name}:`, rounded, unit].filter((part) => part !== "").join(" ")} (${aim})`);
}
