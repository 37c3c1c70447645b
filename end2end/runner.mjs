// Collects the journeys' tests, runs them one after the other, and counts.
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { root } from "./demo.mjs";

const LONGEST_MILLISECONDS = 60_000;

/** All tests in the order they were written. */
export class Runner {
  passed = 0;
  /** The names of those that failed. */
  failures = [];
  #tests = [];
  #theme = "";

  /** Takes the tests of one journey: `journey(test)` calls `test(name, run)` for each. */
  add(theme, journey) {
    this.#theme = theme;
    journey((name, run) => this.#tests.push({ name: `${this.#theme}: ${name}`, run }));
  }

  /** Runs those whose name holds every one of `words`. */
  async run(visits, words) {
    const chosen = this.#tests.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word.toLowerCase())));
    for (const test of chosen) {
      await this.note(test.name, () => attempt(test, visits));
    }
  }

  /** Counts one test and prints its line. */
  async note(name, run) {
    const begin = performance.now();
    let error;
    try {
      await run();
      this.passed += 1;
    } catch (thrown) {
      error = thrown;
      this.failures.push(name);
    }
    const seconds = ((performance.now() - begin) / 1000).toFixed(1).padStart(5);
    console.log(`${error ? "FAIL" : "ok  "} ${seconds} s  ${name}`);
    if (error) console.log(indented(error.stack ?? String(error)));
  }
}

/** One test with its time limit; a page that complains fails it, and every browser it opened is closed. */
async function attempt({ name, run }, visits) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${LONGEST_MILLISECONDS / 1000} s`)), LONGEST_MILLISECONDS);
  });
  try {
    await Promise.race([run(visits), late]);
    const complaints = visits.complaints();
    if (complaints.length > 0) throw new Error(`a page complained:\n${complaints.join("\n")}`);
  } catch (error) {
    error.stack = `${error.stack}\n${await photograph(name, visits)}`;
    const complaints = visits.complaints();
    if (complaints.length > 0) error.stack += `\nand a page complained:\n${complaints.join("\n")}`;
    await visits.close();
    await visits.mend();
    throw error;
  } finally {
    clearTimeout(timer);
    await visits.close();
  }
}

/** Keeps a picture of every page that was open when a test failed. */
async function photograph(name, visits) {
  const folder = join(root, "target/end2end");
  mkdirSync(folder, { recursive: true });
  const taken = [];
  for (const [index, page] of visits.pages().entries()) {
    const path = join(folder, `${name.replace(/[^a-z0-9]+/gi, "-").toLowerCase().slice(0, 90)}-${index + 1}.png`);
    try {
      await page.screenshot({ path, fullPage: true, timeout: 5_000 });
      taken.push(`${page.url()} looked like ${path}`);
    } catch {
      // A page that can't be photographed any more is no news beside the failure itself.
    }
  }
  return taken.join("\n");
}

function indented(text) {
  return text.replace(/^/gm, "       ");
}
