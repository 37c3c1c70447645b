### What the paid plan adds, shown to free members with made-up numbers, in English. It says exactly what is behind it, promises
### nothing of how weeks will be, and holds nothing of theirs back to be wondered about.

teaser-week = What the paid plan adds
teaser-week-behind = Your weeks side by side, patterns by day and hour, what stood out each week, and a text at the end of the month.
teaser-landscape = Months, quarters and years on the paid plan
teaser-landscape-behind = Where your sessions lay over any month, quarter, year or number of days, week by week, and beside the time before.
teaser-patterns = Patterns on the paid plan
teaser-patterns-behind = Which feelings showed in how many sessions of any span, how they went over time, when you write, and how the kinds of session differ.
teaser-feed = The feed on the paid plan
teaser-feed-behind = A few cards about each week that has ended, each with the numbers it rests on and why it is shown.
teaser-month = Months on the paid plan
teaser-month-behind = A short text and cards about each month that has ended, beside the months before, and one question.
teaser-made-up = What you see here is made up.
teaser-feed-headline = Energy was below the usual middle in 9 of 12 sessions.
teaser-feed-body = In the twelve weeks before it was so in 61 of 120.
teaser-feed-rests = 12 sessions · 6 days · clear
teaser-month-headline = A month with more calm in it
teaser-month-body = Calm showed in 21 of 44 sessions, in the month before in 11 of 40. Interest stayed about where it was.
teaser-month-question = Is there a day of this month that you would keep?
teaser-lead-landscape = Spans other than a week are part of the paid plan.
teaser-lead-patterns = Patterns are part of the paid plan.
teaser-lead-week = Every week has its own page, and that is whole.
teaser-week-whole = The pages of your weeks are complete: no part of them is kept back.
teaser-decide = Leaving out, correcting, exporting, starting afresh and erasing are the same on every plan. The archive you can take along holds everything.
teaser-how = A plan is changed in the app you write in.
teaser-plans = See the plans
