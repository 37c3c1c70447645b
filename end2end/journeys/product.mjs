// What the product's team finds: on a small house what can't be said and why, on a large one numbers with their uncertainty, and each
// table as a file; without script.
import assert from "node:assert/strict";

import { STAFF } from "../demo.mjs";
import { drawByLot, drawNobody, muchUse, smallHouse } from "../screens.mjs";

const heading = (page, name) => page.getByRole("heading", { level: 1, name });

/** The first lines of a page's table as a file, which is fetched as the browser would. */
async function file(page, name) {
  const way = page.getByRole("link", { name: new RegExp(`^${name}.* as CSV$`) });
  const answer = await page.request.get(await way.getAttribute("href"));
  assert.equal(answer.status(), 200);
  assert.match(answer.headers()["content-disposition"], /attachment; filename="spectrum-[a-z-]+\.csv"/);
  return (await answer.text()).trim().split(/\r?\n/);
}

export default function product(test) {
  test("a small house is told what can't be said of so few, page after page", async (visits) => {
    smallHouse(visits);
    const page = await visits.page({ who: STAFF, script: false });
    await page.goto("/staff");
    await page.getByRole("link", { name: "The product" }).click();
    await heading(page, "How Spectrum is used").waitFor();
    await page.getByRole("link", { name: "Teaser to upgrade" }).click();
    await heading(page, "From the teaser to the paid plan").waitFor();
    await page.getByText("Nobody's time is up yet.").first().waitFor();
    await page.getByRole("link", { name: "Retention" }).click();
    await page.getByText("Nobody was drawn by lot").waitFor();
    await page.getByRole("link", { name: "Experiments" }).click();
    await page.getByText("Nobody is kept from anything.").waitFor();
    await page.getByRole("link", { name: "Cost" }).click();
    await page.getByRole("link", { name: "The machine" }).click();
    await heading(page, "Pipeline").waitFor();
  });

  test("where nobody was drawn the raw gap is folded away and says what it is", async (visits) => {
    drawNobody(visits);
    const page = await visits.page({ who: STAFF, script: false });
    await page.goto("/staff/retention");
    await page.getByText(/^Observational/).waitFor();
    const gap = page.getByRole("cell", { name: /points/ }).last();
    const fold = page.locator("details", { hasText: "The raw gap" });
    const warning = fold.getByText("People who open Spectrum were already more active. This is not its effect.").first();
    assert.ok(!(await warning.isVisible()));
    await fold.locator("summary").click();
    assert.ok((await warning.isVisible()) && (await gap.isVisible()));
  });

  test("of a large house the lot says what came of it, with its interval, and the table is a file", async (visits) => {
    muchUse(visits);
    drawByLot(visits);
    const page = await visits.page({ who: STAFF, script: false });
    await page.goto("/staff/experiments");
    await page.getByText("By lot, 500 of a thousand members whose week is told since").first().waitFor();
    await page.getByRole("link", { name: "Who comes back with and without it" }).click();
    await heading(page, "Who comes back").waitFor();
    assert.match(
      await page.locator("figure .takeaway").innerText(),
      /^In the fourth week \+\d+\.\d points \([+-]\d+\.\d to \+\d+\.\d\) came back because of the weekly push\./,
    );
    await page.getByText(/^The smallest rise that so many people would show/).waitFor();
    await page.getByText("The numbers behind this").click();
    const weeks = await file(page, "People who held a session");
    assert.equal(weeks[0], "Week,With,Without,Difference (95 %),Smallest that so many could show");
    assert.match(weeks[4], /^4 \(headline\),\d+ of 1680: /);
    const cohorts = await file(page, "Of each week's beginners");
    assert.ok(cohorts.length > 6 && /%/.test(cohorts[1]), cohorts.join("\n"));
    drawNobody(visits);
  });
}
