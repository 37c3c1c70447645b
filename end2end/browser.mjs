// The real browser: contexts for each kind of person, and an ear for everything a page complains about.
import { existsSync } from "node:fs";

import { chromium } from "playwright-core";

import { PAID, TWO_SESSIONS } from "./demo.mjs";

/** The phone that the pages are made for, and the desk they must be good at too. */
export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1440, height: 900 };
/** What lies between them, held upright. */
export const TABLET = { width: 820, height: 1180 };

// Windows narrower than this are touched: phones and tablets.
const TOUCHED = 1000;

// A week that shows everything is among the newest ones; nothing here looks further back.
const WEEKS_BACK = 4;

/** What the browser is started with, by whichever driver. */
export const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--no-first-run",
];

/** A browser that is installed: nothing is ever downloaded here. */
export function executable() {
  const places = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const found = places.find((place) => place && existsSync(place));
  if (!found) throw new Error("there is no Chromium: install it, or say where it is in CHROMIUM");
  return found;
}

/** Starts the browser, with more than it is always started with where that is wanted. */
export function launch(more = []) {
  return chromium.launch({
    executablePath: executable(),
    args: [...ARGUMENTS, ...more],
    // Signals are ours to handle: the demo has to be stopped as well.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}

/** Opens browsers of people and remembers who is signed in, so that each kind of person signs in once. */
export class Visits {
  #browser;
  #demo;
  #signedIn = new Map();
  #open = new Set();
  #complaints = [];

  constructor(browser, demo) {
    this.#browser = browser;
    this.#demo = demo;
  }

  get url() {
    return this.#demo.url;
  }

  hostLink(body) {
    return this.#demo.hostLink(body);
  }

  link(who) {
    return this.#demo.link(who);
  }

  sql(statement) {
    this.#demo.sql(statement);
  }

  /**
   * A page in a browser of its own.
   *
   * `who`: a signed-in person, or nobody. `script`: whether scripts run. `expected`: patterns of complaints that belong to
   * what is tried. Everything else is Playwright's own.
   */
  async page({ who, script = true, expected = [], viewport = PHONE, ...more } = {}) {
    const context = await this.#browser.newContext({
      baseURL: this.url,
      viewport,
      hasTouch: viewport.width < TOUCHED,
      isMobile: viewport.width < TOUCHED,
      javaScriptEnabled: script,
      serviceWorkers: "block",
      reducedMotion: "reduce",
      storageState: who ? await this.#state(who) : undefined,
      ...more,
    });
    this.#open.add(context);
    context.setDefaultTimeout(10_000);
    this.#listen(context, expected);
    return context.newPage();
  }

  /** The cookies of a signed-in person, for another driver. */
  async cookies(who) {
    return (await this.#state(who)).cookies;
  }

  /** What pages complained of since the last call. */
  complaints() {
    return this.#complaints.splice(0);
  }

  /** Every page that is open, for a picture of what went wrong. */
  pages() {
    return [...this.#open].flatMap((context) => context.pages());
  }

  /**
   * Takes every session in again that a journey left out and could not take in itself: one failure must not become many.
   */
  async mend() {
    for (const who of [PAID, TWO_SESSIONS]) {
      const context = await this.#browser.newContext({ baseURL: this.url, storageState: await this.#state(who) });
      const page = await context.newPage();
      await page.goto("/spectrum");
      for (let weeks = 0; weeks < WEEKS_BACK; weeks += 1) {
        const forms = await page
          .locator("form[action='/fn/include_session']")
          .evaluateAll((all) => all.map((form) => Object.fromEntries(new FormData(form))));
        const headers = { "sec-fetch-site": "same-origin" };
        for (const form of forms) await page.request.post("/fn/include_session", { form, maxRedirects: 0, headers });
        await page.getByRole("link", { name: /^Previous week/ }).click();
      }
      await context.close();
    }
  }

  /** Closes every browser that a journey opened. */
  async close() {
    const open = [...this.#open];
    this.#open.clear();
    await Promise.all(open.map((context) => context.close()));
  }

  async #state(who) {
    if (!this.#signedIn.has(who)) {
      const context = await this.#browser.newContext({ baseURL: this.url, javaScriptEnabled: false });
      const page = await context.newPage();
      await page.goto(await this.link(who));
      await page.getByRole("button", { name: "Continue" }).click();
      this.#signedIn.set(who, await context.storageState());
      await context.close();
    }
    return this.#signedIn.get(who);
  }

  #listen(context, expected) {
    const complain = (text) => {
      if (!expected.some((pattern) => pattern.test(text))) this.#complaints.push(text);
    };
    const own = new URL(this.url).host;
    context.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith("http") && url.host !== own) complain(`asked another host: ${request.url()}`);
    });
    context.on("console", (message) => {
      if (message.type() !== "error" && message.type() !== "warning") return;
      // Journeys run without a service worker unless they are about it.
      if (/^Service Worker registration blocked by Playwright/.test(message.text())) return;
      const { url } = message.location();
      // The browser writes the status of the page itself as an error: a 404 page is meant to be one.
      if (url && url === message.page()?.url() && /the server responded with a status of/.test(message.text())) return;
      complain(`console ${message.type()}: ${message.text()} (${url})`);
    });
    context.on("weberror", (error) => complain(`uncaught: ${error.error().message}`));
  }
}

/** Waits until every island of the page is awake. */
export function awake(page) {
  return page.waitForFunction(() => {
    const islands = [...document.querySelectorAll("leptos-island")];
    return islands.length > 0 && islands.every((island) => island.awake);
  });
}

/** The week page: its newest week with a middle, which on a Monday morning is not the newest. */
export async function openRichWeek(page) {
  await page.goto("/spectrum");
  for (let tries = 0; tries < WEEKS_BACK; tries += 1) {
    if ((await page.locator("#plane-title").count()) > 0 && (await counted(page)).sessions >= 7) return;
    await page.getByRole("link", { name: /^Previous week/ }).click();
  }
  throw new Error(`there is no rich week among the newest ${WEEKS_BACK}`);
}

/** What the line under the headline counts. */
export async function counted(page) {
  const coverage = page.locator(".coverage");
  const text = (await coverage.count()) > 0 ? await coverage.innerText() : "";
  const figure = (pattern) => Number(pattern.exec(text)?.[1] ?? 0);
  return { sessions: figure(/(\d+) sessions?/), days: figure(/on (\d+) days?/), leftOut: figure(/(\d+) left out/), text };
}

/** The markup of every picture on the page: equal markup is an equal picture. */
export function pictures(page) {
  return page.locator("main svg.chart").evaluateAll((charts) => charts.map((chart) => chart.outerHTML));
}
