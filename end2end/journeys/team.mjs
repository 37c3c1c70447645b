// How the team comes in: by its provider of identities, in the browser that began, once, and only who was admitted.
import assert from "node:assert/strict";

const heading = (page, name) => page.getByRole("heading", { level: 1, name });

/** Signs in at the provider with one of its accounts, and agrees to what Spectrum asks for. */
async function signIn(page, account) {
  await page.goto("/staff/sign-in");
  await page.locator("input[name=login]").fill(account);
  await page.locator("input[name=password]").fill("anything");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

/** A page of nobody's, in which the provider's own pages may say what they like. */
const nobody = (visits) => visits.page({ script: false, expected: [/./] });

export default function team(test) {
  test("whoever was admitted signs in at the provider and finds the pipeline", async (visits) => {
    const page = await nobody(visits);
    assert.equal((await page.goto("/staff")).status(), 401);
    await heading(page, "This page is for the people who run Spectrum.").waitFor();
    assert.equal(await page.getByRole("link", { name: "Sign in" }).getAttribute("href"), "/staff/sign-in");
    await signIn(page, "team");
    await page.waitForURL(/\/staff$/);
    await heading(page, "Pipeline").waitFor();
    // The provider's own cookies are of this host too: cookies don't know ports.
    const cookies = (await page.context().cookies(visits.url)).filter(({ name }) => name.startsWith("spectrum"));
    assert.deepEqual(cookies.map(({ name, httpOnly, sameSite }) => [name, httpOnly, sameSite]), [["spectrum", true, "Lax"]]);
    assert.equal((await page.goto("/spectrum")).status(), 403, "no member's page");
  });

  test("an account that nobody admitted, or whose address is not verified, stays outside", async (visits) => {
    for (const [account, title] of [["stranger", "This account was not admitted"], ["unverified", "You were not signed in"]]) {
      const page = await nobody(visits);
      await signIn(page, account);
      await heading(page, title).waitFor();
      assert.match(page.url(), /\/staff\/callback/);
      assert.equal((await page.goto("/staff")).status(), 401);
    }
  });

  test("the provider's answer counts once, and only in the browser that asked", async (visits) => {
    const page = await nobody(visits);
    const answers = [];
    page.on("request", (request) => request.url().includes("/staff/callback") && answers.push(request.url()));
    await signIn(page, "team");
    await page.waitForURL(/\/staff$/);
    assert.equal(answers.length, 1);
    await page.context().clearCookies({ name: "spectrum" });
    await page.goto(answers[0]);
    await heading(page, "You were not signed in").waitFor();

    // A stranger's answer, opened by somebody who has begun a sign-in of their own: they must not end up in that account.
    const other = await nobody(visits);
    await other.goto("/staff/sign-in");
    const foreign = new URL(answers[0]);
    assert.equal((await other.goto(foreign.href)).status(), 401);
    await heading(other, "You were not signed in").waitFor();
    assert.equal((await other.goto("/staff")).status(), 401);
  });

  test("somebody who changes their mind at the provider is told that nothing happened", async (visits) => {
    const page = await nobody(visits);
    await page.goto("/staff/sign-in");
    await page.getByRole("link", { name: /Cancel/ }).click();
    await heading(page, "You were not signed in").waitFor();
  });
}
