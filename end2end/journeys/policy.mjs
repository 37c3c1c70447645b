// What the headers promise: nothing foreign runs, nobody frames the page, nothing private is kept, and a GET changes nothing.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";

import { CspEvaluator } from "csp_evaluator/dist/evaluator.js";
import { Severity } from "csp_evaluator/dist/finding.js";
import { CspParser } from "csp_evaluator/dist/parser.js";

import { openRichWeek } from "../browser.mjs";
import { PAID, STAFF } from "../demo.mjs";

/** The policy as directives with their values. */
function directives(header) {
  const parts = header.split(";").map((part) => part.trim().split(/\s+/));
  return new Map(parts.filter(([name]) => name).map(([name, ...values]) => [name, values]));
}

/** What is loose in a policy; nothing when all is well. */
function loose(policy) {
  const found = [];
  const of = (name) => policy.get(name) ?? policy.get("default-src") ?? ["*"];
  for (const [name, values] of policy) {
    for (const value of values) {
      if (/^'unsafe-(inline|eval|hashes)'$/.test(value)) found.push(`${name} ${value}`);
      if (/^(\*|https?:|data:|blob:)/.test(value) && !(name === "img-src" && value === "data:")) found.push(`${name} ${value}`);
    }
  }
  for (const name of ["default-src", "base-uri", "object-src", "frame-ancestors"]) {
    if (of(name).join(" ") !== "'none'" && !(name === "base-uri" && policy.get(name)?.join(" ") === "'self'")) {
      found.push(`${name} is ${policy.get(name)?.join(" ") ?? "missing"}`);
    }
  }
  for (const name of ["base-uri", "frame-ancestors", "form-action"]) {
    // These three do not fall back on default-src.
    if (!policy.has(name)) found.push(`${name} is missing`);
  }
  if (policy.get("script-src")?.some((value) => value.startsWith("'nonce-"))) found.push("there is a nonce, and the page may be kept");
  return found;
}

/** What Google's evaluator finds in a policy that is of medium severity or worse. */
function weak(header) {
  const findings = new CspEvaluator(new CspParser(header).csp).evaluate();
  return findings
    .filter(({ severity }) => severity <= Severity.MEDIUM_MAYBE)
    .map(({ directive, value, description }) => `${directive} ${value ?? ""}: ${description}`);
}

export default function policy(test) {
  test("the evaluator knows a weak policy from a strong one", async () => {
    assert.ok(weak("script-src 'unsafe-inline'").length > 0);
    assert.ok(weak("default-src 'none'; script-src 'nonce-abcdefghijklmnopqrstuv'").length > 0, "base-uri is missing");
  });

  test("every page's content security policy is tight, and names each of its scripts", async (visits) => {
    for (const [who, paths] of [
      [undefined, ["/sign-in?code=x", "/sign-in", "/signed-out", "/spectrum", "/no-such-page"]],
      [PAID, ["/spectrum", "/spectrum", "/spectrum/week/2026-W99", "/staff"]],
      [STAFF, ["/staff", "/staff/jobs", "/staff/database?live=10", "/spectrum"]],
    ]) {
      const page = await visits.page({ who });
      const { request } = page.context();
      for (const path of paths) {
        const answer = await request.get(path, { headers: { accept: "text/html" } });
        const html = await answer.text();
        const scripts = [...html.matchAll(/<script\b[^>]*>(.*?)<\/script>/gs)].map(([, text]) => text);
        const header = answer.headers()["content-security-policy"];
        assert.ok(header, `${path} has no policy`);
        assert.deepEqual(loose(directives(header)), [], `${path} as ${who}: ${header}`);
        assert.deepEqual(weak(header), [], `${path} as ${who}: ${header}`);
        for (const text of scripts) {
          const hash = createHash("sha256").update(text).digest("base64");
          assert.ok(header.includes(`'sha256-${hash}'`), `${path}: ${text} is not named`);
        }
        assert.ok(!/<[^>]+\s(style|on\w+)=/i.test(html), `${path} has an inline style or handler`);
        const headers = answer.headers();
        assert.equal(headers["cache-control"], headers.etag ? "private, no-cache" : "no-store", path);
        assert.equal(headers["x-content-type-options"], "nosniff", path);
        assert.equal(headers["referrer-policy"], "same-origin", path);
      }
    }
  });

  test("built files may be kept for ever, and nothing answers a guess", async (visits) => {
    const page = await visits.page({ who: PAID });
    await openRichWeek(page);
    const css = await page.locator("link[rel=stylesheet]").getAttribute("href");
    const { request } = page.context();
    assert.match((await request.get(css)).headers()["cache-control"], /immutable/);
    assert.equal((await request.get(css.replace(/\.[0-9a-f]+\./, ".0000000000000000."))).status(), 404);
  });

  test("a GET changes nothing, and a form of another site is refused", async (visits) => {
    const page = await visits.page({ who: PAID });
    await openRichWeek(page);
    const { request } = page.context();
    const before = await page.locator(".coverage").innerText();
    const form = await page
      .getByRole("button", { name: /^Leave out: / })
      .first()
      .evaluate(({ form }) => Object.fromEntries(new FormData(form)));
    const asked = await request.get("/fn/exclude_session", { params: form, maxRedirects: 0 });
    assert.ok(asked.status() >= 400, `a GET of a form answers ${asked.status()}`);
    const foreign = await request.post("/fn/exclude_session", {
      form,
      maxRedirects: 0,
      headers: { "sec-fetch-site": "cross-site", origin: "https://elsewhere.example" },
    });
    assert.equal(foreign.status(), 403);
    await page.reload();
    assert.equal(await page.locator(".coverage").innerText(), before);
  });
}
