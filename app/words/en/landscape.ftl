### What the landscape says, in English. `part` is weeks or months.

landscape-sessions = The sessions, one by one
landscape-patterns = Which feelings, and when

## The plane

landscape-plane = Where your sessions lay
landscape-each-mark = Each mark is one session, where its words were measured.
landscape-sides = { $side ->
    [pleasant] { $valence } of { $n } sessions lay on the pleasant side, { landscape-energy-side }.
   *[unpleasant] { $valence } of { $n } sessions lay on the unpleasant side, { landscape-energy-side }.
}
landscape-energy-side = { $energy_side ->
    [high] { $energy } of { $n } on the high-energy side
   *[low] { $energy } of { $n } on the low-energy side
}
landscape-middle = The middle: pleasantness { $valence } ± { $valence_off }, energy { $arousal } ± { $arousal_off }, each between −1 and 1. The cross and its oval show how far off it may be.
landscape-way = { $part ->
    [months] The line joins the middles of the months with sessions enough for one.
   *[weeks] The line joins the middles of the weeks with sessions enough for one.
}
landscape-too-many = More than { $most } sessions are too many to draw one by one.
landscape-not-held = Single sessions are no longer held, so only what they add up to is drawn.
landscape-name-before = { span-noun } before
landscape-plane-caption = Pleasantness and energy, from −1 to 1, with how far off a middle may be
landscape-column-what = What

## The parts beside each other

landscape-steps = How it went
landscape-steps-rests = { $part ->
    [months] { $with } of { $all } months had sessions enough for a middle
   *[weeks] { $with } of { $all } weeks had sessions enough for a middle
}
landscape-steps-alone = { landscape-steps-rests }.
landscape-steps-apart = { landscape-steps-rests }: { $most } lay most pleasant, { $least } least.
landscape-steps-level = { landscape-steps-rests }; we can’t tell them apart.
landscape-steps-note = A dot is a middle, its line how far off it may be. A dash has too few sessions for one.
landscape-steps-caption = Pleasantness, from −1 to 1

## The days of the year

landscape-year = The days of the year
landscape-year-most = { $quadrant ->
    [high_unpleasant] On { $n } of { $days } days with sessions, most of them lay in high energy, unpleasant: no quarter had more days.
    [high_pleasant] On { $n } of { $days } days with sessions, most of them lay in high energy, pleasant: no quarter had more days.
    [low_pleasant] On { $n } of { $days } days with sessions, most of them lay in low energy, pleasant: no quarter had more days.
   *[low_unpleasant] On { $n } of { $days } days with sessions, most of them lay in low energy, unpleasant: no quarter had more days.
}
landscape-year-few = { $days ->
    [one] One day with sessions.
   *[other] { $days } days with sessions.
}
landscape-year-note = Each mark is a day: the quarter of the plane in which most of its sessions lay. A ring is a day on which two quarters held as many, a speck a day without sessions.
landscape-year-caption = Days of each month, by the quarter in which most of their sessions lay
landscape-year-tie = As many in two
landscape-year-months = Months of this year
landscape-column-month = Month

## Beside the span before

landscape-beside = Beside the time before
landscape-beside-now = now
landscape-beside-before = before
landscape-beside-note = A dot is a middle, its line how far off it may be; the hollow one is { span-before }. The numbers on the right are sessions.
landscape-beside-caption = Middles, from −1 to 1, with how far off each may be
