### What the screens of a span share, in English: what spans are called and what is said of one wherever it is shown.
### `kind` is week, month, quarter, year or days; `n` is how many days.

## Names

span-week-name = Week { $week }, { $year }
span-quarter-title = { $first } – { $last } { $year }
span-subtitle = { $kind ->
    [month] Month
    [quarter] Quarter { $n }
    [year] Year
   *[days] { $n ->
        [one] { $n } day
       *[other] { $n } days
    }
}
span-noun = { $kind ->
    [week] week
    [month] month
    [quarter] quarter
    [year] year
   *[days] { $n ->
        [one] { $n } day
       *[other] { $n } days
    }
}
span-this = { $kind ->
    [days] { $n ->
        [one] this day
       *[other] these { $n } days
    }
   *[other] this { span-noun }
}
span-before = the { span-noun } before
span-in-this = in { span-this }
span-in-before = in { span-before }
span-with-before = with { span-before }
# The beginning of a sentence that goes on with where it lay.
span-your-lay = Your { span-noun } leaned

## The bar and the row of kinds

span-periods = Periods
span-kinds = Kinds of periods
span-previous = Previous { span-noun }, { $title }
span-next = Next { span-noun }, { $title }
span-kind = { $kind ->
    [week] Week
    [month] Month
    [quarter] Quarter
    [year] Year
   *[days] { $n } d
}
span-kind-long = { $kind ->
    [week] Week
    [month] Month
    [quarter] Quarter
    [year] Year
   *[days] { $n } d, the last { $n } days
}
span-compare = Compare { span-with-before }
span-alone = Show { span-this } alone
place-bar = Places
place-landscape = Landscape
place-patterns = Patterns
place-feed = Feed
place-month = Month

## Nothing to show

span-nothing-yet = Nothing here yet.
span-nothing-yet-more = Once you have had sessions in this time, they show here: where they lay between unpleasant and pleasant, low and high energy, and which feelings were in them.
span-no-sessions = No sessions { span-in-this }.
span-no-sessions-more = There is nothing to show, and nothing is missing.
span-all-left-out = Every session of { span-this } is left out, so there is nothing to show.
span-all-left-out-more = Take one in again in the list of sessions, and it counts at once.
span-all-pending = Your sessions are being read.
span-all-pending-more = As soon as they are, this page shows what they add up to.
span-withheld = There are no figures for { span-this }.
span-withheld-more = Your sessions are kept as they are.
span-other-languages = We can’t measure this language yet.
span-other-languages-more = Sessions were held, in a language whose feelings we do not know how to estimate. They are kept as they are.
span-nothing-measured = There was too little to measure.
span-nothing-measured-more = Sessions were held, but none had enough of your own words to count.
span-few-over = { $sessions ->
    [1] One session { span-in-this }.
   *[2] Two sessions { span-in-this }.
}
span-few-so-far = { $sessions ->
    [1] One session so far.
   *[2] Two sessions so far.
}
span-few-more = What sessions add up to is shown from three on.

## What it rests on

span-below-days = A middle needs sessions on four days or more.
span-below-sessions = A middle needs seven sessions, on four days or more; these are { count-sessions }.
span-coverage = { count-sessions } { $days ->
    [one] on { $days } day
   *[other] on { $days } days
}
span-coverage-left-out = { span-coverage } · { $out } left out
span-pending = { $pending ->
    [one] One session is being read. This page will include it in a minute.
   *[other] { $pending } sessions are being read. This page will include them in a minute.
}
span-versions-differ = These periods were measured by different versions, so part of a difference may come from that.
span-versions-mixed = Parts of this period were measured by different versions, so part of a change within it may come from that.

## Which way it leaned, and how it compares

span-lean-both = { $valence ->
    [pleasant] { $arousal ->
        [high] { span-your-lay } pleasant, with high energy.
       *[low] { span-your-lay } pleasant, with low energy.
    }
   *[unpleasant] { $arousal ->
        [high] { span-your-lay } unpleasant, with high energy.
       *[low] { span-your-lay } unpleasant, with low energy.
    }
}
span-lean-valence = { $valence ->
    [pleasant] { span-your-lay } pleasant.
   *[unpleasant] { span-your-lay } unpleasant.
}
span-lean-arousal = { $arousal ->
    [high] { span-your-lay } towards high energy.
   *[low] { span-your-lay } towards low energy.
}
span-lean-neither = Your { span-noun } did not clearly lean one way.
span-mixed-energy = Whether energy was more high or low is too close to tell.
span-mixed-valence = Whether it was more pleasant or unpleasant is too close to tell.
span-mixed-both = More pleasant or unpleasant, more high or low energy: both are too close to tell.
span-before-none = There are no sessions to compare with { span-in-before }.
span-before-few = There are too few sessions to compare { span-in-before }.
span-now-few = There are too few sessions to compare { span-in-this }.
span-cannot-tell = We can’t tell { span-this } from { span-before }.
span-differs-valence = { $valence ->
    [more] The middle lay more pleasant than { span-in-before }.
   *[less] The middle lay less pleasant than { span-in-before }.
}
span-differs-arousal = { $arousal ->
    [more] The middle lay higher in energy than { span-in-before }.
   *[less] The middle lay lower in energy than { span-in-before }.
}
span-differs-both = { $valence ->
    [more] { $arousal ->
        [more] The middle lay more pleasant and higher in energy than { span-in-before }.
       *[less] The middle lay more pleasant and lower in energy than { span-in-before }.
    }
   *[less] { $arousal ->
        [more] The middle lay less pleasant and higher in energy than { span-in-before }.
       *[less] The middle lay less pleasant and lower in energy than { span-in-before }.
    }
}

## Figures

figure-picture = Picture (SVG)
figure-picture-of = Picture (SVG): { $title }
figure-csv = Numbers (CSV)
figure-csv-of = Numbers (CSV): { $title }
figure-too-few = too few for a middle
column-when = When
column-sessions = Sessions
column-days = Days
column-pleasantness = Pleasantness
column-energy = Energy
column-middle = Middle
