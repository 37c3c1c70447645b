### The feed and the months, in English. What a card says is written elsewhere: server/domain/words.

feed-title = Feed
feed-newest = Newest week
feed-older = Older weeks
feed-months = Months
feed-all-months = All months
feed-weeks = Weeks
feed-this-week = This week in numbers
feed-nothing-before = There is nothing from before this week.
feed-nothing-yet = When a week of yours has ended, what it adds up to stands here: two to five cards, each with what it rests on.

## A card

card-changed = Changed on { $day }, because its numbers did.
card-refreshed = Updated on { $day }: sessions were added, corrected or left out after this was written.
card-why = Why am I seeing this?
card-numbers = See the numbers
card-rests = { $sessions ->
    [one] { $sessions } session
   *[other] { $sessions } sessions
} · { $days ->
    [one] { $days } day
   *[other] { $days } days
} · { $tier ->
    [enough] clear
    [some] tentative
   *[few] too little to compare
}
card-by-template = Written by a template ({ $revision })
card-by-model = Worded by a model ({ $model }, { $prompt })
card-made = { $by } on { $day }, from the sums of this one (version { $version }){ $earlier ->
    [0] .
    [one] {" "}and of one period before.
   *[other] {" "}and of { $earlier } periods before.
}
card-verdict = { $verdict ->
    [useful] Useful
    [not_quite] Not quite
   *[wrong] Wrong
}
card-verdicts = What do you think of this card?

## A month

month-label = The month
month-nothing = Nothing is told of this month: it has not ended, or no session of it counts.
month-cards = Card by card
month-none-yet = When a month of yours has ended, its text stands here.
