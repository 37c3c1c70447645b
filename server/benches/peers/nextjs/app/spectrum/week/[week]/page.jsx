// The week page as a server component: it reads the member's rows and draws them, and nothing of it runs in the browser.
import { cookies } from "next/headers";
import { notFound } from "next/navigation";

import { calendarOf, shift, today, weekNamed } from "../../../../lib/calendar.mjs";
import { callerOf, loadWeek } from "../../../../lib/database.mjs";
import { TIERS, middleOf, tierOf } from "../../../../lib/measures.mjs";
import { DaysFigure, Foot, MixFigure, PeriodBar, PlaneFigure, Sessions, Symbols } from "../../../../lib/parts.jsx";
import { againstBefore, coverage, headline } from "../../../../lib/words.mjs";

export default async function WeekPage({ params }) {
  const [{ week: name }, jar] = await Promise.all([params, cookies()]);
  const token = jar.get("spectrum")?.value;
  const member = token && (await callerOf(token));
  if (!member?.member_id) notFound();
  const week = weekNamed(name, member.week_start);
  if (!week) notFound();
  const view = { week, ...(await loadWeek(member.member_id, week)) };
  const calendar = calendarOf(member.locale);
  const tier = tierOf(view.rollup);
  const middle = middleOf(view.rollup);
  const before = middle && middleOf(view.rollupBefore);
  const days = Array.from({ length: 7 }, (_, index) => shift(week.start, index));
  const [first, second] = headline(view);
  const more = [second, againstBefore(view)].filter(Boolean).join(" ");
  const rests = coverage(view);
  return (
    <>
      <title>{`${calendar.range(week.start, days[6])} · Spectrum`}</title>
      <a className="skip" href="#main">Skip to content</a>
      <PeriodBar week={week} calendar={calendar} today={today(member.zone)} />
      <main id="main" tabIndex={-1}>
        <Symbols />
        <div className="page week">
          <section className="lead">
            <p className="headline">{first}</p>
            {more && <p className="more">{more}</p>}
            {rests && <p className="coverage">{rests}</p>}
          </section>
          {tier >= TIERS.FEW && (
            <div className="picture">
              <PlaneFigure view={view} calendar={calendar} middle={middle} before={before} />
              {tier >= TIERS.SOME && <DaysFigure view={view} calendar={calendar} days={days} />}
            </div>
          )}
          {tier >= TIERS.SOME && <div className="mix"><MixFigure view={view} /></div>}
          {view.sessions.length > 0 && <Sessions view={view} calendar={calendar} />}
          <nav className="onward" aria-label="More">
            <a href="/spectrum/feed">What stood out, week by week</a>
            <a href="/spectrum/months">Months</a>
            <a href={`/spectrum/patterns/${week.label}`}>Patterns of this week</a>
          </nav>
        </div>
      </main>
      <Foot week={week} />
      <p id="announcer" className="unseen" role="status" />
    </>
  );
}
