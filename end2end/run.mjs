// Runs every journey in a real browser against a demo of its own and ends with `N passed, N failed`.
//
//   node end2end/run.mjs [--data-dir DIR] [WORD …]
//
// WORDs choose tests by their names. --data-dir keeps the demo's data, so that the next run starts in seconds. The server
// is the one that SPECTRUM_BIN names, else target/debug/spectrum.
import { parseArgs } from "node:util";

import { launch, Visits } from "./browser.mjs";
import { startDemo } from "./demo.mjs";
import { startIdentityProvider } from "./identity_provider.mjs";
import { Runner } from "./runner.mjs";
import accessibility from "./journeys/accessibility.mjs";
import counting from "./journeys/counting.mjs";
import keyboard from "./journeys/keyboard.mjs";
import language from "./journeys/language.mjs";
import notices from "./journeys/notices.mjs";
import offline from "./journeys/offline.mjs";
import operators from "./journeys/ops.mjs";
import people from "./journeys/people.mjs";
import policy from "./journeys/policy.mjs";
import product from "./journeys/product.mjs";
import response from "./journeys/response.mjs";
import team from "./journeys/team.mjs";
import transcripts from "./journeys/transcript.mjs";
import webview from "./journeys/webview.mjs";
import weight from "./journeys/weight.mjs";
import withScript from "./journeys/with_script.mjs";
import withoutScript from "./journeys/without_script.mjs";

const { values: options, positionals: words } = parseArgs({
  options: { "data-dir": { type: "string" } },
  allowPositionals: true,
});

const runner = new Runner();
// First what weighs and paints: nothing else has warmed or changed anything yet.
runner.add("weight", weight);
runner.add("response", response);
runner.add("with script", withScript);
runner.add("without script", withoutScript);
runner.add("people", people);
runner.add("webview", webview);
runner.add("offline", offline);
runner.add("notices", notices);
runner.add("team", team);
runner.add("operators", operators);
runner.add("product", product);
runner.add("counting", counting);
runner.add("keyboard", keyboard);
runner.add("policy", policy);
runner.add("transcript", transcripts);
runner.add("accessibility", accessibility);
// Last: it has a member told anew, twice.
runner.add("language", language);

let demo;
let browser;
const identity = await startIdentityProvider();
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    await browser?.close();
    await demo?.stop();
    await identity.stop();
    process.exit(130);
  });
}

const begin = performance.now();
await runner.note("demo: starts, fills in its people and prints a link for each kind", async () => {
  demo = await startDemo({ dataDir: options["data-dir"], settings: identity.settings });
  identity.serve(demo.url);
});
if (demo) {
  try {
    browser = await launch();
    const visits = new Visits(browser, demo);
    // Kept data may be from a run that was stopped in the middle.
    if (options["data-dir"]) await visits.mend();
    await runner.run(visits, words);
  } catch (error) {
    await runner.note("browser: starts", () => Promise.reject(error));
  }
  await browser?.close();
  await runner.note("demo: Ctrl-C stops everything, and it ends with 0", async () => {
    const wrong = await demo.stop();
    if (wrong) throw new Error(`the demo ${wrong}; its last words:\n${demo.words.slice(-30).join("\n")}`);
  });
}
await identity.stop();
console.log(`took ${((performance.now() - begin) / 1000).toFixed(0)} s`);
for (const name of runner.failures) console.log(`failed: ${name}`);
console.log(`${runner.passed} passed, ${runner.failures.length} failed`);
process.exit(runner.failures.length === 0 ? 0 : 1);
