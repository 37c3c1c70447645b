### The week page, in English. Counts before adjectives, hedged where something is estimated ("leaned"), past tense for what
### was counted. No praise, no advice, no diagnosis. Unpleasant is weather, not failure.

week-name = Week { $week }, { $year }
week-moment = { $day }, { $clock }
week-weeks = Weeks
week-previous = Previous week, { $week }
week-next = Next week, { $week }
week-feed = What stood out, week by week
week-months = Months
week-patterns = Patterns of this week

## The head

week-not-here = Nothing was changed: that session is not in this week.
week-nothing-yet = Nothing here yet.
week-nothing-yet-more = Once you have had sessions this week, this page shows where they lay between unpleasant and pleasant, low and high energy, and which feelings were in them.
week-no-sessions = No sessions this week.
week-no-sessions-more = There is nothing to show, and nothing is missing.
week-all-left-out = Every session this week is left out, so there is nothing to show.
week-all-left-out-more = Take one in again below and the page counts it at once.
week-all-pending = Your sessions are being read.
week-all-pending-more = As soon as they are, this page shows what they add up to.
week-nothing-measured = There was too little to measure.
week-nothing-measured-more = Sessions were held this week, but none had enough of your own words to count.
week-other-languages = We can’t measure this language yet.
week-other-languages-more = Sessions were held this week, in a language whose feelings we do not know how to estimate. They are kept as they are.
week-withheld = There are no figures this week.
week-withheld-more = Your sessions are kept as they are.
week-few = { Number-word } { $n ->
    [one] session
   *[other] sessions
} so far.
week-few-more = A picture of your week starts at three.
week-below-days = A middle of the week needs sessions on four days or more.
week-below-sessions = That is { number-word } { $n ->
    [one] session
   *[other] sessions
} so far; a middle of the week needs seven, on four days or more.
week-lean-pleasant-high = Your week leaned pleasant, with high energy.
week-lean-pleasant-low = Your week leaned pleasant, with low energy.
week-lean-unpleasant-high = Your week leaned unpleasant, with high energy.
week-lean-unpleasant-low = Your week leaned unpleasant, with low energy.
week-lean-pleasant = Your week leaned pleasant.
week-lean-unpleasant = Your week leaned unpleasant.
week-lean-high = Your week leaned towards high energy.
week-lean-low = Your week leaned towards low energy.
week-lean-neither = Your week did not clearly lean one way.
week-close-energy = Whether energy was more high or low is too close to tell.
week-close-valence = Whether it was more pleasant or unpleasant is too close to tell.
week-close-both = More pleasant or unpleasant, more high or low energy: both are too close to tell.
week-before-none = The week before has no sessions to compare with.
week-before-few = The week before has { number-word } { $n ->
    [one] session
   *[other] sessions
}: too few to compare.
week-before-same = We can’t tell this week from the one before.
week-before-one = It was { $step } than the week before.
week-before-two = It was { $valence } and { $arousal } than the week before.
week-versions-differ = This week and the week before were measured by different versions, so part of a difference may come from that.
week-coverage = { $sessions ->
    [one] { $sessions } session
   *[other] { $sessions } sessions
} on { $days ->
    [one] { $days } day
   *[other] { $days } days
}
week-left-out = { $n } left out
week-foreign = { $n } in a language we can’t measure yet
week-not-measured = { $n } not measured
week-pending = { $n ->
    [one] One session is being read. This page will include it in a minute.
   *[other] { Number-word } sessions are being read. This page will include them in a minute.
}

## The plane

week-plane-title = Where your sessions lay
week-plane-few = Each mark is one session, where its words were measured.
week-plane-sides = { $valence } of { $n } sessions lay on the { $side ->
    [pleasant] pleasant
   *[unpleasant] unpleasant
} side, { $energy } of { $n } on the { $level ->
    [high] high
   *[low] low
}-energy side.
week-plane-middle = Middle of the week: pleasantness { $valence } ± { $valence_reach }, energy { $arousal } ± { $arousal_reach }, each between −1 and 1. The cross and its oval show how far off it may be.
week-plane-this = this week
week-plane-before = week before
week-plane-caption = Each session’s pleasantness and energy, from −1 to 1
week-plane-session = Session
week-plane-pleasantness = Pleasantness
week-plane-energy = Energy
week-plane-row-middle = Middle of the week
week-plane-row-before = Middle of the week before

## The days

week-days-title = How the days went
week-days-one = All sessions fell on { $day }.
week-days-apart = Of the { number-word } days with sessions, { $most }’s middle lay most pleasant and { $least }’s least.
week-days-level = The { number-word } days with sessions lay level.
week-days-note = A bar reaches from a day’s least to its most pleasant session, the tick is the middle one.
week-days-note-hatched = A bar reaches from a day’s least to its most pleasant session, the tick is the middle one. Hatched bars rest on two sessions only.
week-days-caption = Each day’s pleasantness, from −1 to 1
week-days-day = Day
week-days-least = Least
week-days-middle = Middle
week-days-most = Most

## The feelings

week-mix-title = Which feelings showed
week-mix-none = No feeling stood out in these { number-word } { $n ->
    [one] session
   *[other] sessions
}.
week-mix-one = { $families } showed most often, in { $most } of { $of } sessions.
week-mix-several = { $families } showed most often, each in { $most } of { $of } sessions.
week-mix-many = { Number-word } feelings showed equally often, each in { $most } of { $of } sessions.
week-mix-breadth = { Number-word } of nine feelings showed at least once.
week-mix-note = One session can hold several feelings or none, so the shares need not add up to 100 %.
week-mix-caption = Sessions in which each feeling showed
week-mix-feeling = Feeling
week-mix-share = Share
week-mix-home = At home in
week-mix-count = { $count } of { $of }

## Examples

week-example-title = A week could look like this
week-example-takeaway = Each mark is one session; the dot in the oval is the middle of the week. These numbers are made up.
week-example-note = You can leave any session out of your picture, and take it in again. Nothing is deleted by it.
week-paid-ago = twelve weeks ago
week-paid-now = now

## The list

week-list-note = Leave out what should not count. Nothing is deleted, and taking it in again brings the same numbers back.
week-list-day = { $day } { $clock }
week-session-left-out = Left out
week-session-open = Still open. It is read when it ends.
week-session-ended = Being read.
week-session-withheld = Kept out of your picture.
week-session-reset = Erased by you: what was measured of it is gone.
week-session-language = Not measured: in a language we can’t measure yet.
week-session-not-prose = Not measured: pasted text, not your own words.
week-session-text-gone = Not measured: its text is no longer kept.
week-session-no-words = Not measured: too few of your own words.
week-session-no-feeling = No feeling stood out
week-session-extent = { $turns ->
    [one] { $turns } turn
   *[other] { $turns } turns
}, { $words ->
    [one] { $words } word
   *[other] { $words } words
}
week-session-skipped = { $n ->
    [one] { $n } turn
   *[other] { $n } turns
} not measured
week-session-corrected = Corrected by you
week-session-not-quite = Not quite?
week-session-name = { $label } { $feature }, { $moment }
week-leave-out = Leave out
week-leave-out-name = Leave out: { $feature }, { $moment }
week-leaving-out = Leaving out…
week-take-in = Take in again
week-take-in-name = Take in again: { $feature }, { $moment }
week-taking-in = Taking in…
week-change-failed = Nothing was changed. Check your connection and try again.

## What a form did

said-left-out = Left out.
said-taken-in = Taken in again.
said-corrected = Corrected: your word counts from now on.
said-correction-back = Taken back: what was measured counts again.
said-still = Still { count-sessions } counted.
said-was = Was { count-sessions }, now { $now }.
said-too-few = That is too few for a middle of the week.
said-stayed = The week’s middle stayed where it was.
said-moved-one = The week’s middle is now { $step }.
said-moved-two = The week’s middle is now { $valence } and { $arousal }.
said-unknown = Nothing was changed: that session can’t be found.
said-failed = Nothing was changed: something on our side did not answer. It is safe to try again.
step-pleasant = { $size ->
    [little] a little more pleasant
    [much] much more pleasant
   *[some] more pleasant
}
step-unpleasant = { $size ->
    [little] a little less pleasant
    [much] much less pleasant
   *[some] less pleasant
}
step-higher = { $size ->
    [little] a little higher in energy
    [much] much higher in energy
   *[some] higher in energy
}
step-lower = { $size ->
    [little] a little lower in energy
    [much] much lower in energy
   *[some] lower in energy
}
