// Days, weeks and how they are written: a day is its ISO text, formatters are made once.

const DAY = 86_400_000;
const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const instant = (day) => new Date(`${day}T00:00:00Z`);
const text = (date) => date.toISOString().slice(0, 10);

export const shift = (day, days) => text(new Date(instant(day).getTime() + days * DAY));

/** The member's local date. */
const locals = new Map();
export function today(zone) {
  if (!locals.has(zone)) locals.set(zone, new Intl.DateTimeFormat("en-CA", { timeZone: zone }));
  return locals.get(zone).format(new Date());
}

const ofWeek = (day) => (instant(day).getUTCDay() + 6) % 7;

/** The week with this name, `2026-W47`: its fourth day lies in the ISO week of the name, whenever it begins. */
export function weekNamed(name, weekStart) {
  const found = /^(\d{4})-W(\d{2})$/.exec(name);
  if (!found) return null;
  const [year, number] = [Number(found[1]), Number(found[2])];
  const fourth = `${year}-01-04`;
  const monday = shift(fourth, (number - 1) * 7 - ofWeek(fourth));
  const start = shift(monday, ((WEEKDAYS.indexOf(weekStart) + 3) % 7) - 3);
  return { label: name, year, number, start, end: shift(start, 7), before: shift(start, -7) };
}

/** The name of the week that begins on this day. */
export function labelOf(start) {
  const fourth = shift(start, 3);
  const thursday = instant(shift(fourth, 3 - ofWeek(fourth)));
  const year = thursday.getUTCFullYear();
  const number = Math.floor((thursday - Date.UTC(year, 0, 1)) / DAY / 7) + 1;
  return `${year}-W${String(number).padStart(2, "0")}`;
}

const writers = new Map();
/** How a region writes days. */
export function calendarOf(locale) {
  if (!writers.has(locale)) {
    const writer = (fields) => {
      const format = new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...fields });
      return (day) => format.format(instant(day));
    };
    const dayOfYear = writer({ day: "numeric", month: "long" });
    const weekdayAndDay = writer({ weekday: "long", day: "numeric", month: "long" });
    writers.set(locale, {
      weekday: writer({ weekday: "long" }),
      weekdayShort: writer({ weekday: "short" }),
      weekdayAndDay: (day) => weekdayAndDay(day).replace(",", ""),
      range(first, last) {
        const [from, to] = [dayOfYear(first), dayOfYear(last)];
        return first.slice(0, 7) === last.slice(0, 7) ? `${from.split(" ")[0]} – ${to}` : `${from} – ${to}`;
      },
    });
  }
  return writers.get(locale);
}

const two = (number) => String(number).padStart(2, "0");
export const clock = (minute) => `${two(Math.floor(minute / 60) % 24)}:${two(minute % 60)}`;
