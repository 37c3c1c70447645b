### "Why am I seeing this?" in English. Parts stand in cards.ftl.

why-counted = { $sessions ->
    [one] { $sessions } session of this { period } was counted, with { $turns ->
        [one] { $turns } turn
       *[other] { $turns } turns
    } of yours, on { days }.
   *[other] { $sessions } sessions of this { period } were counted, with { $turns ->
        [one] { $turns } turn
       *[other] { $turns } turns
    } of yours, on { days }.
}
why-counted-none = No session of this { period } was counted.
why-left-out = Sessions that you left out are not in it.
why-alone = It is about this { period } alone and was compared with nothing.
why-baseline = It was compared with { baseline }: only { periods } with enough sessions count.
why-enough = Enough means seven sessions, on four days or more.
why-back = It was compared with all of the { $back } { periods } before.
why-together = It was looked for in { together } at once.
why-range = How sure: made like this, a range holds the true figure in about 19 of 20 cases. Here it runs from { $low } to { $high }.
why-expected = How sure: from the { periods } before, a figure between { $low } and { $high } was to be expected.
why-few = How sure: with so few sessions little can be said. More of them would make it surer.
why-count = How sure: this is a count of what was measured.
why-no-range = How sure: too little of this figure is kept to give it a range.
why-tested = { $tested ->
    [one] One comparison was made.
   *[other] { $tested } comparisons were made together, and the bar was raised for that: of differences told, about one in twenty may be chance.
}
why-estimate = Feelings are estimated from words and can be off. A correction of yours counts at once.
why-template = The words come from a template ({ $revision }). No model wrote them.
why-model = The words were chosen by a model ({ $model }, prompt { $prompt }). The numbers were computed before.
share-of = { $count } of { $n }
