// The pieces of the week page: figures with their tables, the list of sessions, and what stands around them.
import { clock, labelOf, shift } from "./calendar.mjs";
import { bars, columns, plane } from "./charts.mjs";
import { HOMES, TIERS, columnsOf, counted, familiesByCount, familiesOf, quadrantOf, tierOf } from "./measures.mjs";
import * as words from "./words.mjs";

const SHAPES = [
  '<path id="m-hu" d="M0-6.2 6 4.6H-6Z"></path><path id="m-hp" d="M0-6.6 6.6 0 0 6.6-6.6 0Z"></path>',
  '<circle id="m-lp" r="5.3"></circle><rect id="m-lu" x="-4.9" y="-4.9" width="9.8" height="9.8" rx="1.2"></rect>',
  '<pattern id="few" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">',
  '<path class="few" d="M1.25 0V5"></path></pattern>',
].join("");
const raw = (text) => ({ dangerouslySetInnerHTML: { __html: text } });

/** The shapes of the marks, which the pictures name. */
export const Symbols = () => <svg className="symbols" aria-hidden="true" width="0" height="0" {...raw(SHAPES)} />;

/** What our page has around a picture whose marks can be touched. */
const Touched = ({ when, children }) => !when ? children : (
  <div className="touched">{children}<p className="readout" aria-hidden="true" data-hint="Touch a mark to read it." /></div>
);

/** A cell of a table; a dash by itself tells a listener nothing. */
const Cell = ({ children }) => (
  <td>{children === "–" ? <><span aria-hidden="true">–</span><span className="unseen">none</span></> : children}</td>
);

function Figure({ touched, id, title, takeaway, note, picture, files, caption, heads, rows }) {
  return (
    <figure aria-labelledby={`${id}-title`}>
      <figcaption>
        <h2 id={`${id}-title`}>{title}</h2>
        <p className="takeaway" id={`${id}-takeaway`}>{takeaway}</p>
      </figcaption>
      <Touched when={touched}>
        <svg className="chart" role="img" aria-labelledby={`${id}-title`} aria-describedby={`${id}-takeaway`}
          viewBox={`0 0 358 ${picture.height}`} {...raw(picture.content)} />
      </Touched>
      {note && <p className="note">{note}</p>}
      <details>
        <summary aria-describedby={`${id}-title`}>The numbers behind this</summary>
        <table>
          <caption>{caption}</caption>
          <thead><tr>{heads.map((head) => <th scope="col" key={head}>{head}</th>)}</tr></thead>
          <tbody>
            {rows.map(([name, ...cells]) => (
              <tr key={name} data-mark={touched && ""}><th scope="row">{name}</th>{cells.map((cell, index) => <Cell key={index}>{cell}</Cell>)}</tr>
            ))}
          </tbody>
        </table>
        <p className="files">
          <a href={`${files}.svg`} aria-label={`Picture (SVG): ${title}`} download>Picture (SVG)</a>
          <a href={`${files}.csv`} aria-label={`Numbers (CSV): ${title}`} download>Numbers (CSV)</a>
        </p>
      </details>
    </figure>
  );
}

/** Where the week's sessions lay. */
export function PlaneFigure({ view, calendar, middle, before }) {
  const sessions = view.sessions.filter(counted);
  const label = (session) => `${calendar.weekdayShort(session.local_date)} ${clock(session.local_minute)}`;
  const figures = ({ valence, arousal }) => [valence, arousal].map((figure) => words.signed(figure / 1000));
  const rows = sessions.map((session) => [label(session), ...figures(session)]);
  for (const [name, of] of [["Middle of the week", middle], ["Middle of the week before", before]]) {
    if (of) rows.push([name, words.figureOf(of.valence), words.figureOf(of.arousal)]);
  }
  return <Figure touched id="plane" title="Where your sessions lay" takeaway={words.planeTakeaway(view.rollup)}
    note={middle && words.middleNote(middle)} picture={plane({ sessions, middle, before, rollup: view.rollup, label })}
    files={`/spectrum/landscape/${view.week.label}/plane`} caption="Each session’s pleasantness and energy, from −1 to 1"
    heads={["Session", "Pleasantness", "Energy"]} rows={rows} />;
}

/** How the days went. */
export function DaysFigure({ view, calendar, days }) {
  const found = columnsOf(days, view.sessions.filter(counted));
  const rows = found.map(({ day, sessions, range }) =>
    [calendar.weekday(day), sessions, ...(range ? range.map(words.signed) : ["–", "–", "–"])]);
  return <Figure touched id="days" title="How the days went" takeaway={words.columnsTakeaway(found, calendar.weekday)}
    note={words.columnsNote(found)} picture={columns(found, calendar.weekdayShort)}
    files={`/spectrum/landscape/${view.week.label}/days`} caption="Each day’s pleasantness, from −1 to 1"
    heads={["Day", "Sessions", "Least", "Middle", "Most"]} rows={rows} />;
}

/** Which feelings showed. */
export function MixFigure({ view }) {
  const n = view.rollup.sessions;
  const rows = familiesByCount(view.rollup).map(({ family, count }) => ({
    name: words.familyName(family), quadrant: HOMES[family], share: count / Math.max(n, 1), count: `${count} of ${n}`,
    percent: words.percent(count, n),
  }));
  const takeaway = tierOf(view.rollup) < TIERS.ENOUGH ? words.mixBreadth(view.rollup) : words.mixTakeaway(view.rollup);
  return <Figure id="mix" title="Which feelings showed" takeaway={takeaway}
    note="One session can hold several feelings or none, so the shares need not add up to 100 %." picture={bars(rows)}
    files={`/spectrum/patterns/${view.week.label}/mix`} caption="Sessions in which each feeling showed"
    heads={["Feeling", "Sessions", "Share", "At home in"]}
    rows={rows.map(({ name, quadrant, count, percent }) => [name, count, percent, words.quadrantInside(quadrant)])} />;
}

function Session({ session, week, calendar }) {
  const counts = counted(session);
  const quadrant = counts ? quadrantOf(session) : null;
  const time = clock(session.local_minute);
  const feature = words.featureName(session.feature);
  const name = `${feature}, ${calendar.weekdayAndDay(session.local_date)}, ${time}`;
  const link = session.corrected ? "Corrected by you" : "Not quite?";
  const standing = words.standing(session);
  const [action, label, pending] = session.excluded ? ["/fn/include_session", "Take in again", "Taking in…"]
    : ["/fn/exclude_session", "Leave out", "Leaving out…"];
  return (
    <li className="session">
      <svg className="icon" aria-hidden="true" viewBox="-8 -8 16 16"
        {...raw(quadrant ? `<use class="mark ${quadrant}" href="#m-${quadrant}"/>` : '<circle class="hollow" r="4.5"/>')} />
      <div className="told">
        <p className="moment">{calendar.weekday(session.local_date)} {time}<span>{feature}</span></p>
        {counts && <p className="where">{words.quadrantName(quadrant)}</p>}
        {counts && <p>{words.feelings(familiesOf(session.emotions))}<span className="extent">{words.extent(session)}</span></p>}
        {standing && <p className="standing">{standing}</p>}
        {counts && (
          <p className="standing">
            <a href={`/spectrum/session/${session.session_id}`} aria-label={`${link} ${name}`}>{link}</a>
          </p>
        )}
      </div>
      <div className="control">
        <form method="post" action={action}>
          <input type="hidden" name="week" value={week} />
          <input type="hidden" name="session_id" value={session.session_id} />
          <button className="button quiet" data-pending={pending} aria-label={`${label}: ${name}`}
            data-failed="Nothing was changed. Check your connection and try again.">{label}</button>
        </form>
        <p className="control-failed" role="alert" />
      </div>
    </li>
  );
}

/** The week's sessions, each with the control that leaves it out. */
export const Sessions = ({ view, calendar }) => (
  <section className="sessions" aria-labelledby="sessions-title">
    <h2 id="sessions-title">Sessions</h2>
    <p className="takeaway">
      Leave out what should not count. Nothing is deleted, and taking it in again brings the same numbers back.
    </p>
    <ol>
      {view.sessions.map((session) => (
        <Session key={session.session_id} session={session} week={view.week.label} calendar={calendar} />
      ))}
    </ol>
  </section>
);

/** Which week, the ways to the ones beside it, and the row of other kinds of periods. */
export function PeriodBar({ week, calendar, today }) {
  const { label, year, number, start, end, before } = week;
  const last = shift(end, -1);
  const anchor = last < today ? last : today;
  const [y, month] = anchor.split("-");
  const landscape = (span) => `/spectrum/landscape/${span}`;
  const ending = anchor === today ? "" : `-${anchor}`;
  const kinds = [
    ["Week", "Week", `/spectrum/week/${label}`],
    ["Month", "Month", landscape(`${y}-${month}`)],
    ["Quarter", "Quarter", landscape(`${y}-Q${Math.ceil(Number(month) / 3)}`)],
    ["Year", "Year", landscape(y)],
    ...[7, 28, 90].map((n) => [`${n} d`, `${n} d, the last ${n} days`, landscape(`${n}-days${ending}`)]),
  ];
  const after = end <= today;
  return (
    <>
      <header className="period">
        <nav aria-label="Weeks">
          <a className="turn" href={`/spectrum/week/${labelOf(before)}`}
            aria-label={`Previous week, ${calendar.range(before, shift(start, -1))}`}>‹</a>
          <h1>{calendar.range(start, last)}<small>{`Week ${number}, ${year}`}</small></h1>
          {after ? <a className="turn" href={`/spectrum/week/${labelOf(end)}`}
            aria-label={`Next week, ${calendar.range(end, shift(end, 6))}`}>›</a> : <span className="turn" />}
        </nav>
      </header>
      <nav className="kinds" aria-label="Kinds of periods">
        <ul>
          {kinds.map(([short, long, href], index) => (
            <li key={short}>
              <a className="kind" href={href} aria-current={index === 0 ? "true" : undefined} aria-label={long}>{short}</a>
            </li>
          ))}
        </ul>
      </nav>
    </>
  );
}

const PLACES = [
  ["Landscape", '<path d="M12 4v16M4 12h16"/><circle cx="7.4" cy="7.4" r="1.7"/><circle cx="17" cy="17" r="2.1"/>'],
  ["Patterns", '<path d="M5 7h13M5 12h9M5 17h5"/>'],
  ["Feed", '<rect x="5" y="4.5" width="14" height="15" rx="3"/><path d="M8.5 9h7M8.5 13h4"/>'],
  ["Month", '<rect x="4.5" y="5.5" width="15" height="14" rx="3"/><path d="M4.5 10h15M9 3.5v4M15 3.5v4"/>'],
];

/** The foot of the page and the bar of places. */
export function Foot({ week }) {
  const hrefs = [`/spectrum/week/${week.label}`, `/spectrum/patterns/${week.label}`, "/spectrum/feed", "/spectrum/months"];
  return (
    <>
      <footer className="foot">
        <p>Feelings here are estimates from your own words. They can be wrong, and you can leave any session out.</p>
        <a className="button quiet" href="/spectrum/settings">Your data</a>
        <form method="post" action="/fn/sign_out"><button className="button quiet">Sign out</button></form>
      </footer>
      <nav className="places" aria-label="Places">
        <ul>
          {PLACES.map(([name, picture], index) => (
            <li key={name}>
              <a className="place" href={hrefs[index]} aria-current={index === 0 ? "page" : undefined}>
                <svg aria-hidden="true" viewBox="0 0 24 24" {...raw(picture)} />{name}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </>
  );
}
