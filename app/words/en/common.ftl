### What every page shares, in English. One file a screen; docs/language.md says how a sentence is added.
### Numbers with decimals come written as the member's region writes them; spaces that must not break are written as such.

## The page around a page

page-description = What your sessions add up to, in plain words and counts.
page-skip = Skip to content
page-estimates = Feelings here are estimates from your own words. They can be wrong, and you can leave any session out.
page-your-data = Your data
page-sign-out = Sign out
page-back = Back
page-back-to-week = Back to the week
page-more = More
page-newest-week = Go to your newest week
page-try-again = Try again
page-read-only = For the moment things can be read here, and nothing can be changed.
page-look-again = Look again
page-sessions = Sessions
page-example = Example
figure-none = none
figure-touch = Touch a mark to read it.
figure-numbers = The numbers behind this

## Names

language-own-name = English
family = { $family ->
    [joy] Joy
    [interest] Interest
    [hope] Hope
    [warmth] Warmth
    [calm] Calm
    [worry] Worry
    [anger] Anger
    [sadness] Sadness
    [regret] Regret
   *[other] Feeling
}
family-inside = { $family ->
    [joy] joy
    [interest] interest
    [hope] hope
    [warmth] warmth
    [calm] calm
    [worry] worry
    [anger] anger
    [sadness] sadness
    [regret] regret
   *[other] feeling
}
quadrant = { $quadrant ->
    [high_unpleasant] High energy, unpleasant
    [high_pleasant] High energy, pleasant
    [low_pleasant] Low energy, pleasant
    [low_unpleasant] Low energy, unpleasant
   *[other] On the plane
}
quadrant-inside = { $quadrant ->
    [high_unpleasant] high energy, unpleasant
    [high_pleasant] high energy, pleasant
    [low_pleasant] low energy, pleasant
    [low_unpleasant] low energy, unpleasant
   *[other] on the plane
}
feature = { $feature ->
    [mirror] Mirror
    [turn] Turn
    [lens] Lens
   *[other] Session
}

## Scales

scale-pleasant = pleasant
scale-unpleasant = unpleasant
scale-between = between
scale-high-energy = high energy
scale-low-energy = low energy
scale-sessions = sessions

## Counts

percent = { $share } %
list = { $head } and { $last }
# Up to twelve in letters, more in digits; the second begins a sentence.
number-word = { $n ->
    [0] no
    [1] one
    [2] two
    [3] three
    [4] four
    [5] five
    [6] six
    [7] seven
    [8] eight
    [9] nine
    [10] ten
    [11] eleven
    [12] twelve
   *[other] { $n }
}
Number-word = { $n ->
    [0] No
    [1] One
    [2] Two
    [3] Three
    [4] Four
    [5] Five
    [6] Six
    [7] Seven
    [8] Eight
    [9] Nine
    [10] Ten
    [11] Eleven
    [12] Twelve
   *[other] { $n }
}
count-sessions = { $n ->
    [one] { $n } session
   *[other] { $n } sessions
}
