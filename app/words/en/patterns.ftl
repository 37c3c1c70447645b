### What the patterns say, in English. `part` is weeks or months.

patterns-landscape = Where the sessions lay

## Which feelings showed

patterns-mix = Which feelings showed
patterns-mix-none = No feeling stood out in these { count-sessions }.
patterns-mix-one = { $families } showed most often, in { $most } of { $n } sessions.
patterns-mix-level = { $families } showed most often, each in { $most } of { $n } sessions.
patterns-mix-many = { $level } feelings showed equally often, each in { $most } of { $n } sessions.
patterns-mix-breadth = { $n ->
    [one] One of nine feelings showed.
    [9] All nine feelings showed at least once.
   *[other] { Number-word } of nine feelings showed at least once.
}
patterns-mix-note = One session can hold several feelings or none, so the shares need not add up to 100 %.
patterns-mix-before = The upright line is the share { span-in-before }, of { $sessions }.
patterns-mix-caption = Sessions in which each feeling showed
patterns-count = { $k } of { $n }
patterns-column-feeling = Feeling
patterns-column-share = Share
patterns-column-before = Before
patterns-column-home = At home in

## Over time

patterns-ways = Over time
patterns-ways-range = { $part ->
    [months] { $family } ran from { $least } to { $most } of a month’s sessions.
   *[weeks] { $family } ran from { $least } to { $most } of a week’s sessions.
}
patterns-ways-note = { $part ->
    [months] One line a feeling, all on one scale. A gap is a month with fewer than three sessions.
   *[weeks] One line a feeling, all on one scale. A gap is a week with fewer than three sessions.
}
patterns-ways-few = It takes two weeks with three sessions each to show how feelings went over time. A longer time may have them.
patterns-ways-caption = Sessions of each part in which a feeling showed

## Weekdays and parts of the day

patterns-grid = Weekdays and times of day
patterns-grid-most = { $daypart ->
    [night] Most sessions began at night: { $k } of { $n }.
    [morning] Most sessions began in the morning: { $k } of { $n }.
    [afternoon] Most sessions began in the afternoon: { $k } of { $n }.
   *[evening] Most sessions began in the evening: { $k } of { $n }.
}
patterns-grid-spread = No time of day held more than half of the { count-sessions }.
patterns-grid-counts = The numbers are sessions. Hatched cells rest on one or two.
patterns-grid-note = A bar reaches up where a cell’s sessions lay pleasant on the mean, down where unpleasant; to the edge it is { $reach }. The numbers are sessions; hatched cells rest on one or two and have no bar.
patterns-grid-caption = Sessions by weekday and time of day, with their mean pleasantness from −1 to 1
daypart = { $daypart ->
    [night] Night
    [morning] Morning
    [afternoon] Afternoon
   *[evening] Evening
}
patterns-grid-cell = { $n } sessions, { $mean }

## Features

patterns-features = Mirror, Turn and Lens
patterns-features-few = It takes two of them with eight sessions on four days each to compare them.
patterns-features-same = We can’t tell them apart by how pleasant their sessions lay.
patterns-features-apart = Sessions of { $more } lay more pleasant than those of { $less }.
patterns-features-note = A dot is the middle of a feature’s sessions, its line how far off it may be. The numbers on the right are sessions.
patterns-features-caption = Middles of each feature’s sessions, from −1 to 1
patterns-column-feature = Feature

## From first to last turn

patterns-moved = From the first turn to the last
patterns-moved-few = It takes eight sessions of a feature with two measured turns or more to say anything here.
patterns-moved-same = We can’t tell whether sessions ended elsewhere than they began.
patterns-moved-valence = { $way ->
    [more] Sessions of { $features } ended more pleasant than they began.
   *[less] Sessions of { $features } ended less pleasant than they began.
}
patterns-moved-arousal = { $way ->
    [more] Sessions of { $features } ended higher in energy than they began.
   *[less] Sessions of { $features } ended lower in energy than they began.
}
patterns-moved-note = The ring is where sessions began, the arrow’s head where they ended on the mean, the line below how far off that may be. This says what came after what, not why. The numbers on the right are sessions.
patterns-moved-caption = How far sessions moved from their first measured turn to their last
patterns-moved-less-pleasant = less pleasant
patterns-moved-more-pleasant = more pleasant
patterns-moved-lower = lower
patterns-moved-higher = higher
patterns-moved-began = as it began

## The list of sessions

sessions-title = Sessions
sessions-explain = Leave out what should not count. Nothing is deleted, and taking it in again brings the same numbers back.
sessions-none = No sessions in this time.
sessions-older = Older sessions
sessions-newest = Newest sessions
