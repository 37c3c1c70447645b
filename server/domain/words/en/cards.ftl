### What cards say in English. Each wording is a headline and a body of the same number.
### Arguments are the numbers and names of one finding; figures come formatted.

## Parts

period = { $grain ->
    [month] month
   *[week] week
}
periods = { $grain ->
    [month] months
   *[week] weeks
}
# The earlier periods that a period is held against; stands after "over" and "against".
baseline = { $baseline ->
    [four] your last four { periods }
    [some-of-four] { $compared } of your last four { periods }
    [twelve] your last twelve { periods }
   *[some-of-twelve] { $compared } of your last twelve { periods }
}
# This period and the twelve before.
together = { $periods ->
    [13] the last 13 { periods }
   *[other] { $periods } of the last 13 { periods }
}
present = { $count ->
    [0] none
   *[other] { $count }
} of { $n } sessions
present-before = { $count-before ->
    [0] none
   *[other] { $count-before }
} of { $n-before }
days = { $days ->
    [one] { $days } day
   *[other] { $days } days
}
more-pleasant = { $size ->
    [little] a little more pleasant
    [much] much more pleasant
   *[some] more pleasant
}
less-pleasant = { $size ->
    [little] a little less pleasant
    [much] much less pleasant
   *[some] less pleasant
}
more-energy = { $size ->
    [little] a little higher in energy
    [much] much higher in energy
   *[some] higher in energy
}
less-energy = { $size ->
    [little] a little lower in energy
    [much] much lower in energy
   *[some] lower in energy
}
family = { $family ->
    [joy] joy
    [interest] interest
    [hope] hope
    [warmth] warmth
    [calm] calm
    [worry] worry
    [anger] anger
    [sadness] sadness
   *[regret] regret
}
family-title = { $family ->
    [joy] Joy
    [interest] Interest
    [hope] Hope
    [warmth] Warmth
    [calm] Calm
    [worry] Worry
    [anger] Anger
    [sadness] Sadness
   *[regret] Regret
}
family-covers = { $family ->
    [joy] amusement, excitement or pride
    [interest] curiosity, surprise or understanding
    [hope] optimism or a wish
    [warmth] love, caring, gratitude or admiration
    [calm] relief or approval
    [worry] fear, nervousness or confusion
    [anger] annoyance, disapproval or disgust
    [sadness] grief or disappointment
   *[regret] remorse or embarrassment
}
quadrant = { $quadrant ->
    [high_unpleasant] unpleasant, with high energy
    [high_pleasant] pleasant, with high energy
    [low_pleasant] pleasant, with low energy
   *[low_unpleasant] unpleasant, with low energy
}
axis = { $axis ->
    [arousal] energy
   *[valence] pleasantness
}
axis-title = { $axis ->
    [arousal] Energy
   *[valence] Pleasantness
}
weekday = { $weekday ->
    [mon] Monday
    [tue] Tuesday
    [wed] Wednesday
    [thu] Thursday
    [fri] Friday
    [sat] Saturday
   *[sun] Sunday
}
daypart = { $daypart ->
    [night] night
    [morning] morning
    [afternoon] afternoon
   *[evening] evening
}
daypart-title = { $daypart ->
    [night] Night
    [morning] Morning
    [afternoon] Afternoon
   *[evening] Evening
}
feature = { $feature ->
    [mirror] Mirror
    [turn] Turn
   *[lens] Lens
}

## How much was counted

low-data-none =
    .headline-1 = No sessions counted this { period }.
    .body-1 = From three sessions on, what was in them shows here. A middle of the { period } needs seven, on four days or more.
    .headline-2 = Nothing was counted this { period }.
    .body-2 = Three sessions are enough to count what was in them; seven, on four days or more, make a middle.
low-data-few =
    .headline-1 = { $n ->
        [one] One session this { period }.
       *[other] Two sessions this { period }.
    }
    .body-1 = A picture of the { period } starts at three.
    .headline-2 = { $n ->
        [one] One session was counted.
       *[other] Two sessions were counted.
    }
    .body-2 = Too few to say more of this { period }. From three on, what was in them is counted.
low-data-some =
    .headline-1 = { $n } sessions this { period }.
    .body-1 = Enough to count what was in them. A middle of the { period } needs seven, on four days or more.
    .headline-2 = The { period } rests on { $n } sessions.
    .body-2 = Which way it leaned is hard to tell from so few. Seven sessions, on four days or more, would make it surer.
low-data-days =
    .headline-1 = { $n } sessions on { days }.
    .body-1 = Enough to count what was in them. Sessions on four days or more would make a middle of the { period } surer.
    .headline-2 = The { period }’s { $n } sessions fell on { days }.
    .body-2 = A middle of the { period } needs sessions on four days or more.
coverage =
    .headline-1 = { $n } sessions on { days }.
    .body-1 = That is enough to work out a middle of the { period }.
    .headline-2 = Your { period } rests on { $n } sessions.
    .body-2 = They fell on { days }.
baseline-none =
    .headline-1 = Too early to compare this { period }.
    .body-1 = None of your last twelve { periods } had enough sessions: seven, on four days or more. Comparing starts at four such { periods }.
    .headline-2 = This { period } stands by itself.
    .body-2 = Comparing starts at four { periods } with seven sessions or more, on four days or more. None of your last twelve had that.
baseline-short =
    .headline-1 = Too early to compare this { period }.
    .body-1 = { $k } of your last twelve { periods } had enough sessions: seven, on four days or more. Comparing starts at four such { periods }.
    .headline-2 = This { period } stands by itself.
    .body-2 = Comparing starts at four { periods } with seven sessions or more, on four days or more. { $k } of your last twelve had that.
counted =
    .headline-1 = Counted this { period }.
    .body-1 = This rests on a count of { $n }.

## Where it lay

level-valence-higher =
    .headline-1 = Your { period } leaned pleasant.
    .body-1 = Middle of { $n } sessions: { $mean }, between −1 (unpleasant) and 1 (pleasant).
    .headline-2 = Sessions leaned to the pleasant side.
    .body-2 = The middle of { $n } sessions was { $mean }, where 0 is neither pleasant nor unpleasant.
    .headline-3 = The { period }’s middle lay on the pleasant side.
    .body-3 = Taken together, { $n } sessions lay around { $mean }, between −1, unpleasant, and 1, pleasant.
level-valence-lower =
    .headline-1 = Your { period } leaned unpleasant.
    .body-1 = Middle of { $n } sessions: { $mean }, between −1 (unpleasant) and 1 (pleasant).
    .headline-2 = Sessions leaned to the unpleasant side.
    .body-2 = The middle of { $n } sessions was { $mean }, where 0 is neither pleasant nor unpleasant.
    .headline-3 = The { period }’s middle lay on the unpleasant side.
    .body-3 = Taken together, { $n } sessions lay around { $mean }, between −1, unpleasant, and 1, pleasant.
level-valence-neither =
    .headline-1 = Pleasant or unpleasant: too close to tell.
    .body-1 = The middle of { $n } sessions this { period } was { $mean }. More sessions would make it surer.
    .headline-2 = The { period } leaned neither pleasant nor unpleasant.
    .body-2 = Between pleasant and unpleasant, the middle of { $n } sessions was { $mean }: too close to 0 to name a side.
    .headline-3 = No clear lean, pleasant or unpleasant.
    .body-3 = { $n } sessions this { period } had their middle at { $mean }. It may well lie between { $low } and { $high }.
level-arousal-higher =
    .headline-1 = Your { period } leaned towards high energy.
    .body-1 = Middle of { $n } sessions: { $mean }, between −1 (low energy) and 1 (high energy).
    .headline-2 = Sessions leaned to the high-energy side.
    .body-2 = The middle of { $n } sessions was { $mean }, where 0 is neither low nor high energy.
    .headline-3 = The { period }’s middle lay on the high-energy side.
    .body-3 = Taken together, { $n } sessions lay around { $mean }, between −1, low energy, and 1, high energy.
level-arousal-lower =
    .headline-1 = Your { period } leaned towards low energy.
    .body-1 = Middle of { $n } sessions: { $mean }, between −1 (low energy) and 1 (high energy).
    .headline-2 = Sessions leaned to the low-energy side.
    .body-2 = The middle of { $n } sessions was { $mean }, where 0 is neither low nor high energy.
    .headline-3 = The { period }’s middle lay on the low-energy side.
    .body-3 = Taken together, { $n } sessions lay around { $mean }, between −1, low energy, and 1, high energy.
level-arousal-neither =
    .headline-1 = High or low energy: too close to tell.
    .body-1 = The middle of { $n } sessions this { period } was { $mean }. More sessions would make it surer.
    .headline-2 = Energy leaned neither way.
    .body-2 = Between low and high energy, the middle of { $n } sessions this { period } was { $mean }: too close to 0 to name a side.
    .headline-3 = No clear lean, high or low energy.
    .body-3 = { $n } sessions this { period } had their middle at { $mean }. It may well lie between { $low } and { $high }.

## What was in it

mix-family =
    .headline-1 = { family-title } showed in { present }.
    .body-1 = Counted over this { period }. The word covers { family-covers }.
    .headline-2 = { family-title } was part of the { period }.
    .body-2 = It showed in { present }. The word covers { family-covers }.
    .headline-3 = { present } held some { family }.
    .body-3 = That is this { period }’s count. The word stands for { family-covers }.
    .headline-4 = There was { family } this { period }.
    .body-4 = In { present } something of it was measured, such as { family-covers }.
mix-quadrant =
    .headline-1 = { present } lay { quadrant }.
    .body-1 = Evenly spread, a quarter of the { period }’s sessions would be in that corner.
    .headline-2 = One corner held much of the { period }.
    .body-2 = { present } lay { quadrant }. An even spread would be a quarter.
    .headline-3 = Much of the { period } lay in one corner.
    .body-3 = That corner is { quadrant }: { present } lay there, where an even spread would be a quarter.
variability =
    .headline-1 = { axis-title } varied between sessions.
    .body-1 = Over { $n } sessions this { period } it spread by about { $sd } around its middle, on a scale from −1 to 1.
    .headline-2 = How far apart sessions lay in { axis }.
    .body-2 = About { $sd } around the middle, over { $n } sessions this { period }, on a scale from −1 to 1.
recovery =
    .headline-1 = Swings came back by about { $rate } a turn.
    .body-1 = Counted over { $n } swings in pleasantness, away from a session’s middle and home again, this { period }.
    .headline-2 = How swings within sessions came home.
    .body-2 = By about { $rate } a turn in pleasantness, over { $n } swings this { period } that left a session’s middle and came back.

## What changed

changed-valence-higher =
    .headline-1 = Your { period } lay { more-pleasant } than usual.
    .body-1 = The middle of { $n } sessions was { $mean }, against { $before } over { baseline }.
    .headline-2 = Sessions leaned { more-pleasant } than before.
    .body-2 = Over { baseline } the middle was { $before }; this { period }, over { $n } sessions, { $mean }.
    .headline-3 = This { period } leaned { more-pleasant }.
    .body-3 = { $n } sessions had their middle at { $mean }; over { baseline } it was { $before }.
changed-valence-lower =
    .headline-1 = Your { period } lay { less-pleasant } than usual.
    .body-1 = The middle of { $n } sessions was { $mean }, against { $before } over { baseline }.
    .headline-2 = Sessions leaned { less-pleasant } than before.
    .body-2 = Over { baseline } the middle was { $before }; this { period }, over { $n } sessions, { $mean }.
    .headline-3 = This { period } leaned { less-pleasant }.
    .body-3 = { $n } sessions had their middle at { $mean }; over { baseline } it was { $before }.
changed-arousal-higher =
    .headline-1 = Your { period } lay { more-energy } than usual.
    .body-1 = The middle of { $n } sessions was { $mean }, against { $before } over { baseline }.
    .headline-2 = Sessions leaned { more-energy } than before.
    .body-2 = Over { baseline } the middle was { $before }; this { period }, over { $n } sessions, { $mean }.
    .headline-3 = This { period } leaned { more-energy }.
    .body-3 = { $n } sessions had their middle at { $mean }; over { baseline } it was { $before }.
changed-arousal-lower =
    .headline-1 = Your { period } lay { less-energy } than usual.
    .body-1 = The middle of { $n } sessions was { $mean }, against { $before } over { baseline }.
    .headline-2 = Sessions leaned { less-energy } than before.
    .body-2 = Over { baseline } the middle was { $before }; this { period }, over { $n } sessions, { $mean }.
    .headline-3 = This { period } leaned { less-energy }.
    .body-3 = { $n } sessions had their middle at { $mean }; over { baseline } it was { $before }.
changed-family-higher =
    .headline-1 = { family-title } showed more often than usual.
    .body-1 = In { present } this { period }, against { present-before } over { baseline }.
    .headline-2 = { family-title } came up more often this { period }.
    .body-2 = It was in { present }. Over { baseline } it was in { present-before }.
    .headline-3 = More { family } than usual.
    .body-3 = { present } held it; over { baseline } it was { present-before }.
changed-family-lower =
    .headline-1 = { family-title } showed less often than usual.
    .body-1 = In { present } this { period }, against { present-before } over { baseline }.
    .headline-2 = { family-title } came up less often this { period }.
    .body-2 = It was in { present }. Over { baseline } it was in { present-before }.
    .headline-3 = Less { family } than usual.
    .body-3 = { present } held it; over { baseline } it was { present-before }.
# Where all the earlier sessions together point the other way than the earlier periods one by one, which is what was tested.
changed-family-higher-by-period =
    .headline-1 = { family-title } showed more often than usual.
    .body-1 = In { present } this { period }. Taken one by one, { baseline } had it in about { $expected } of { $n }.
    .headline-2 = More { family } than usual.
    .body-2 = { present } held it this { period }; in { baseline }, taken one by one, it was about { $expected } of { $n }.
changed-family-lower-by-period =
    .headline-1 = { family-title } showed less often than usual.
    .body-1 = In { present } this { period }. Taken one by one, { baseline } had it in about { $expected } of { $n }.
    .headline-2 = Less { family } than usual.
    .body-2 = { present } held it this { period }; in { baseline }, taken one by one, it was about { $expected } of { $n }.
changed-spread-higher =
    .headline-1 = Sessions lay farther apart in { axis } than usual.
    .body-1 = Over { $n } sessions this { period } they spread about { $times } times as wide as over { baseline }.
    .headline-2 = { axis-title } varied more than usual.
    .body-2 = The spread of { $n } sessions this { period } was about { $times } times that of { baseline }.
changed-spread-lower =
    .headline-1 = Sessions lay closer together in { axis } than usual.
    .body-1 = Over { $n } sessions this { period } they spread about { $times } times as wide as over { baseline }.
    .headline-2 = { axis-title } varied less than usual.
    .body-2 = The spread of { $n } sessions this { period } was about { $times } times that of { baseline }.
changed-recovery-higher =
    .headline-1 = Swings within sessions came home faster.
    .body-1 = By about { $rate } a turn in pleasantness over { $n } swings this { period }, against { $rate-before } over { baseline }.
    .headline-2 = The way back from a swing was faster than usual.
    .body-2 = Over { baseline } it was about { $rate-before } a turn; this { period }, over { $n } swings in pleasantness, { $rate }.
changed-recovery-lower =
    .headline-1 = Swings within sessions came home slower.
    .body-1 = By about { $rate } a turn in pleasantness over { $n } swings this { period }, against { $rate-before } over { baseline }.
    .headline-2 = The way back from a swing was slower than usual.
    .body-2 = Over { baseline } it was about { $rate-before } a turn; this { period }, over { $n } swings in pleasantness, { $rate }.
first-time =
    .headline-1 = { family-title }, for the first time in { $back } { periods }.
    .body-1 = In { present } this { period }; in none of { $n-before } in the { $back } { periods } before.
    .headline-2 = New this { period }: { family }.
    .body-2 = { present } held it. We looked back { $back } { periods }: none of { $n-before } sessions did.
returned =
    .headline-1 = { family-title } showed again.
    .body-1 = In { present } this { period }, after none of { $n-away } over { baseline }. Five to twelve { periods } ago it was in { $count-old } of { $n-old }.
    .headline-2 = { family-title } came back this { period }.
    .body-2 = { present } held it. Over { baseline } it was in none of { $n-away }; five to twelve { periods } ago, in { $count-old } of { $n-old }.

## What did not change

steady-valence =
    .headline-1 = Pleasantness held steady.
    .body-1 = The middle of { $n } sessions was { $mean }, against { $before } over { baseline }.
    .headline-2 = Pleasantness stayed in its usual range.
    .body-2 = { $mean } over { $n } sessions this { period }; over { baseline } it was { $before }.
    .headline-3 = No clear shift in pleasantness.
    .body-3 = Over { baseline } the middle was { $before }; this { period }, over { $n } sessions, { $mean }.
steady-arousal =
    .headline-1 = Energy held steady.
    .body-1 = The middle of { $n } sessions was { $mean }, against { $before } over { baseline }.
    .headline-2 = Energy stayed in its usual range.
    .body-2 = { $mean } over { $n } sessions this { period }; over { baseline } it was { $before }.
    .headline-3 = No clear shift in energy.
    .body-3 = Over { baseline } the middle was { $before }; this { period }, over { $n } sessions, { $mean }.
nothing-new =
    .headline-1 = Nothing new this { period }, as far as we can tell.
    .body-1 = { $tested } comparisons with { baseline } showed no clear change: { $n } sessions.
    .headline-2 = Your { period } did not stand out.
    .body-2 = Of { $tested } comparisons with { baseline }, none stood out. Counted were { $n } sessions.
    .headline-3 = No change stood out this { period }.
    .body-3 = { $n } sessions were held against { baseline }, in { $tested } comparisons.

## What holds over many periods

weekday-higher =
    .headline-1 = Sessions on { weekday }s leaned { more-pleasant }.
    .body-1 = { $inside } of them lay on average { $gap } higher than { $outside } on other days, over { together }.
    .headline-2 = { weekday } sessions lay { more-pleasant }.
    .body-2 = Over { together }, { $inside } of them lay { $gap } higher on average than { $outside } on other days.
weekday-lower =
    .headline-1 = Sessions on { weekday }s leaned { less-pleasant }.
    .body-1 = { $inside } of them lay on average { $gap } lower than { $outside } on other days, over { together }.
    .headline-2 = { weekday } sessions lay { less-pleasant }.
    .body-2 = Over { together }, { $inside } of them lay { $gap } lower on average than { $outside } on other days.
daypart-higher =
    .headline-1 = { daypart-title } sessions leaned { more-pleasant }.
    .body-1 = { $inside } of them lay on average { $gap } higher than { $outside } at other times, over { together }.
    .headline-2 = Sessions in the { daypart } lay { more-pleasant }.
    .body-2 = Over { together }, { $inside } of them lay { $gap } higher on average than { $outside } at other times.
daypart-lower =
    .headline-1 = { daypart-title } sessions leaned { less-pleasant }.
    .body-1 = { $inside } of them lay on average { $gap } lower than { $outside } at other times, over { together }.
    .headline-2 = Sessions in the { daypart } lay { less-pleasant }.
    .body-2 = Over { together }, { $inside } of them lay { $gap } lower on average than { $outside } at other times.
shift-valence-higher =
    .headline-1 = { feature } sessions tended to end { more-pleasant }.
    .body-1 = By { $shift } on average, first turn to last: { $n } of them, over { together }.
    .headline-2 = Over { feature } sessions, pleasantness tended to rise.
    .body-2 = On average by { $shift }, first turn to last: { $n } sessions, over { together }.
shift-valence-lower =
    .headline-1 = { feature } sessions tended to end { less-pleasant }.
    .body-1 = By { $shift } on average, first turn to last: { $n } of them, over { together }.
    .headline-2 = Over { feature } sessions, pleasantness tended to fall.
    .body-2 = On average by { $shift }, first turn to last: { $n } sessions, over { together }.
shift-arousal-higher =
    .headline-1 = { feature } sessions tended to end { more-energy }.
    .body-1 = By { $shift } on average, first turn to last: { $n } of them, over { together }.
    .headline-2 = Over { feature } sessions, energy tended to rise.
    .body-2 = On average by { $shift }, first turn to last: { $n } sessions, over { together }.
shift-arousal-lower =
    .headline-1 = { feature } sessions tended to end { less-energy }.
    .body-1 = By { $shift } on average, first turn to last: { $n } of them, over { together }.
    .headline-2 = Over { feature } sessions, energy tended to fall.
    .body-2 = On average by { $shift }, first turn to last: { $n } sessions, over { together }.
contrast-valence-higher =
    .headline-1 = { feature } sessions moved more towards pleasant.
    .body-1 = A gap of { $gap }, first turn to last: { $inside } of them, { $outside } others, over { together }.
    .headline-2 = More towards pleasant: { feature } sessions.
    .body-2 = Over { together } the gap was { $gap }, first turn to last: { $inside } of them, { $outside } others.
contrast-valence-lower =
    .headline-1 = { feature } sessions moved more towards unpleasant.
    .body-1 = A gap of { $gap }, first turn to last: { $inside } of them, { $outside } others, over { together }.
    .headline-2 = More towards unpleasant: { feature } sessions.
    .body-2 = Over { together } the gap was { $gap }, first turn to last: { $inside } of them, { $outside } others.
contrast-arousal-higher =
    .headline-1 = { feature } sessions moved more towards high energy.
    .body-1 = A gap of { $gap }, first turn to last: { $inside } of them, { $outside } others, over { together }.
    .headline-2 = More towards high energy: { feature } sessions.
    .body-2 = Over { together } the gap was { $gap }, first turn to last: { $inside } of them, { $outside } others.
contrast-arousal-lower =
    .headline-1 = { feature } sessions moved more towards low energy.
    .body-1 = A gap of { $gap }, first turn to last: { $inside } of them, { $outside } others, over { together }.
    .headline-2 = More towards low energy: { feature } sessions.
    .body-2 = Over { together } the gap was { $gap }, first turn to last: { $inside } of them, { $outside } others.
moved-most =
    .headline-1 = { feature } sessions moved farthest.
    .body-1 = Pleasantness shifted by about { $own } either way in { $inside } of them, by { $rest } in { $outside } others, over { together }.
    .headline-2 = Over { feature } sessions, pleasantness moved farthest.
    .body-2 = By about { $own } either way in { $inside } sessions, by { $rest } in { $outside } others, over { together }.
