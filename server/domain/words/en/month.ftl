### What a month's text says in English beside the cards' own sentences. Parts stand in cards.ftl.

heading-counted = What was counted
heading-lay = Where it lay
heading-held = What was in it
heading-changed = What changed and what did not
heading-holds = What holds over many months

month-counted =
    .text-1 = { $n } sessions were counted this month, on { days }.
    .text-2 = This month rests on { $n } sessions, on { days }.
    .text-3 = On { days } of the month there were { $n } sessions.
month-before = { $n-before ->
    [0] The month before had none.
    [one] The month before had { $n-before }.
   *[other] The month before had { $n-before }.
}
month-features = By feature: { $list }.
one-feature = { $count } in { feature }
month-families = { $list }.
first-family = { family-title } was in { present }
next-family = { family } in { $count }
month-families-before = The month before, { family } was in { present-before }.
month-families-none = No feeling was in three sessions or more.
list-two = { $one } and { $two }
list-three = { $one }, { $two } and { $three }

question-level =
    .text-1 = Does that difference fit the month as you remember it?
    .text-2 = Did the month seem different to you, too?
question-family =
    .text-1 = Did you notice { family } in these sessions yourself?
    .text-2 = Does { family } seem the right word for it?
question-weekday =
    .text-1 = Do { weekday }s stand out to you as well?
    .text-2 = Is there something about { weekday }s that explains this?
question-daypart =
    .text-1 = Does the { daypart } seem different to you as well?
    .text-2 = Is there something about the { daypart } that explains this?
question-feature =
    .text-1 = Does that match how { feature } sessions seem to you?
    .text-2 = Is that how { feature } sessions stay in your mind?
question-month =
    .text-1 = Does this picture fit the month as you remember it?
    .text-2 = Is there a session of this month that the picture misses?
    .text-3 = Is anything in this picture new to you?
