### How this is made, in English.

made-title = How this is made
made-numbers = The numbers
made-numbers-how = A model inside Spectrum reads your sessions and estimates which feelings are in your own words. Everything you see is counted from those estimates. They can be wrong; you can correct a session or leave it out, and what rests on it changes at once.
made-words = The words
made-words-how = Cards and months are written by templates ({ $revision }), which say what was found and nothing else.
made-no-model = No model is in use: templates write every word you see.
made-model = For members who agreed to it, a model may put findings into other words. It is given names of feelings and counts, never a word of yours. What it writes is checked against the numbers; what does not hold is thrown away and the template’s words stay. These revisions are in use:
made-in-use = Texts of { $of ->
    [monthly] months
   *[weekly] weeks
} in { $language ->
    [de] German
   *[en] English
}: revision { $number } of the prompt “{ $of }”
made-judged = What people said who judged it
made-judged-how = Before a revision is used, people judge what it writes about made-up members, without knowing who wrote what. It takes { $decided } pairs that were decided the same way in both orders, { $scored } texts scored with a mean of { $mean } of 2 or more, and no text that failed a criterion of safety.
made-not-judged = No revision has been judged yet.
made-batch = { $name }, revision { $number }, { $language ->
    [de] German
   *[en] English
}
made-closed = Written by { $model }, closed on { $day }
made-undecided = No pair was decided.
made-won = It was preferred in { $won } of { $decided } decided pairs (95 % interval { $low } to { $high } %), against { $baseline }.
made-pairs = { $pairs } pairs were judged by { $reviewers } people; { $equal } were equal, { $unsteady } unsteady.
made-agreement = Agreement between those who judged (Krippendorff’s alpha): { $alpha }.
made-unfit = { $n } of its texts were called unfit or failed a criterion of safety.
made-refused = The guard had refused { $n } answers before anybody saw them.
made-points = Points by criterion
made-points-caption = Points of 2, mean of { $n } texts
made-criterion = Criterion
made-its-texts = Its texts
made-other-texts = The others
made-all = all
made-criterion-name = { $criterion ->
    [grounded] grounded
    [non_diagnostic] non diagnostic
    [safe] safe
    [no_leakage] no leakage
    [hedged] hedged
    [specific] specific
    [balanced] balanced
   *[plain] plain
}
