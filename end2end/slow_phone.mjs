// A mid-range phone on a slow mobile network, for what is measured on it, and the member's screens that are measured.
import { openRichWeek } from "./browser.mjs";
import { PAID } from "./demo.mjs";

// As performance tools take it: 1.6 Mbit/s, 150 ms.
const NETWORK = { offline: false, latency: 150, downloadThroughput: (1.6e6 / 8) * 0.9, uploadThroughput: (750e3 / 8) * 0.9 };
// A fourth of this processor.
const SLOWER = 4;

/** Makes a page's processor slow, by its own session of the browser's protocol. */
export function slowProcessor(session) {
  return session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
}

/** The same for its network. */
export function slowNetwork(session) {
  return session.send("Network.emulateNetworkConditions", NETWORK);
}

/** A screen whose address is known. */
const at = (name, path) => ({ name, path });

/** A screen whose address has to be looked for. */
const by = (name, find) => ({ name, find });

/** The screens that a member reads, by the short names that their figures have. */
export const measured = [
  by("week", openRichWeek),
  at("landscape", "/spectrum/landscape/90-days"),
  at("patterns", "/spectrum/patterns/90-days"),
  at("feed", "/spectrum/feed"),
  by("month", async (page) => {
    await page.goto("/spectrum/months");
    await page.locator(".months a").first().click();
    await page.locator(".narrative").waitFor();
  }),
  at("sessions", "/spectrum/sessions/90-days"),
  by("session", async (page) => {
    await openRichWeek(page);
    await page.getByRole("link", { name: /^Not quite\?/ }).first().click();
    await page.getByRole("button", { name: "Let this count" }).waitFor();
  }),
  at("settings", "/spectrum/settings"),
];

const found = new Map();

/** The address of one of them; it is looked for in a browser of its own, so that the one that is measured stays cold. */
export async function addressOf(visits, { name, path, find }, who = PAID) {
  if (path) return path;
  if (!found.has(name)) {
    const page = await visits.page({ who, script: false });
    await find(page);
    found.set(name, new URL(page.url()).pathname);
    await page.context().close();
  }
  return found.get(name);
}
