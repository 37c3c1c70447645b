// Photographs every screen on a phone, a tablet and a desk, light and dark, whole pages, for people to look at.
//
//   node end2end/screenshots.mjs OUTDIR [--data-dir DIR] [--language de] [--font-scale 2] [WORD …]
//
// WORDs choose screens by their names. Another language is chosen by the member on the page, once it is open; letters are made
// larger by the browser, as its reader would. The demo is one of its own, as for the journeys.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { DESK, launch, PHONE, TABLET, Visits } from "./browser.mjs";
import { startDemo } from "./demo.mjs";
import { screens } from "./screens.mjs";

const { values: options, positionals } = parseArgs({
  options: { "data-dir": { type: "string" }, language: { type: "string" }, "font-scale": { type: "string" } },
  allowPositionals: true,
});
const [folder, ...words] = positionals;
if (!folder) throw new Error("say into which folder: node end2end/screenshots.mjs OUTDIR");
mkdirSync(folder, { recursive: true });

/** The open page again, in a language that its member has just chosen; empty is the host's. */
async function inLanguage(page, language) {
  const headers = { "sec-fetch-site": "same-origin" };
  const open = await page.locator("details[open]").count();
  await page.request.post("/fn/choose_language", { form: { language }, maxRedirects: 0, headers });
  // The cards are told anew by a job.
  await page.waitForTimeout(2_000);
  await page.setExtraHTTPHeaders({ "accept-language": language || "en" });
  await page.reload();
  if (open > 0) for (const summary of await page.locator("summary").all()) await summary.click();
}

/** What a browser is started with whose reader wants letters so many times as large: rem, em and media queries follow. */
function letters(scale) {
  const sizes = { defaultFontSize: 16, defaultFixedFontSize: 13 };
  const settings = Object.entries(sizes).map(([name, size]) => `${name}=${Math.round(size * scale)}`);
  return [`--blink-settings=${settings.join(",")}`];
}

const demo = await startDemo({ dataDir: options["data-dir"] });
let browser;
try {
  browser = await launch(options["font-scale"] ? letters(Number(options["font-scale"])) : []);
  const visits = new Visits(browser, demo);
  for (const screen of screens.filter(({ name }) => words.every((word) => name.includes(word)))) {
    for (const viewport of [PHONE, TABLET, DESK]) {
      const page = await screen.open(visits, { viewport, deviceScaleFactor: viewport === DESK ? 1 : 2 });
      if (options.language) await inLanguage(page, options.language);
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        // The bars that stay would be photographed in the middle of a page.
        await page.evaluate(() => {
          scrollTo(0, 0);
          const places = document.querySelector(".places");
          if (places) places.style.position = "static";
        });
        const name = `${screen.name.replace(/[^a-z]+/g, "-")}-${viewport.width}-${colorScheme}.png`;
        await page.screenshot({ path: join(folder, name), fullPage: true });
        console.log(join(folder, name));
      }
      if (options.language) await inLanguage(page, "");
      await page.context().close();
    }
  }
} finally {
  await browser?.close();
  const wrong = await demo.stop();
  if (wrong) console.error(`the demo ${wrong}`);
}
