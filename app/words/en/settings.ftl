### What the member decides about their data, in English.

settings-title = Your data
settings-counts = What counts
settings-counts-link = What is left out
settings-your-words = Your words
settings-language = Language
settings-language-note = The language these pages and your cards are written in. Cards are written anew when it changes, which takes a moment.
settings-language-of-app = As in the app I write in
settings-language-choose = Use this language
settings-counting = How you use Spectrum
settings-counted = How you use Spectrum may be counted: yes. Which pages and cards are opened and for how long, never what you wrote or how you felt.
settings-not-counted = How you use Spectrum may be counted: no. Nothing of it is kept.
settings-stop-counting = Stop counting, and let go what was counted
settings-count = Let it be counted
settings-calendar = Time and weeks
settings-calendar-note = Where you live, which says on which day a session falls, and the day your weeks begin on.
settings-calendar-link = Change time and weeks
settings-model = Who chooses the words
settings-model-yes = A language model may put findings into other words. It is given counts and names of feelings, never a word of yours, and what it writes is checked against the numbers.
settings-model-no = Every sentence comes from templates that people wrote. No language model is asked.
settings-model-allow = Let a model choose words
settings-model-stop = Templates only
settings-notices-note = Whether you are told when a week is ready, when, and on which devices. A notice says that and nothing else.
settings-notices-link = When a week is ready
notices-title = Notices
notices-when = When a week is ready
notices-what = A notice says that a week is ready and nothing of what is in it. It comes at most once a week, and not if you have looked already.
notices-none-here = No notices are sent from here.
notices-off = You are not told when a week is ready.
notices-on = You are told the day after your week ends, after { $hour } where you live.
notices-on-day = You are told on { $day }, after { $hour } where you live.
notices-where = Tell me
notices-channel-apns = on iPhone and iPad
notices-channel-fcm = on Android
notices-channel-web = in browsers
notices-day = On
notices-day-after = the day after my week ends
notices-hour = After
notices-quiet-from = Never from
notices-quiet-until = until
notices-save = Save
notices-devices = Where
notices-no-devices = None of your devices has asked to be told.
notices-platform-ios = iPhone or iPad
notices-platform-android = Android device
notices-platform-web = Browser
notices-seen = Last heard of on { $day }
notices-remove = Remove
notices-remove-named = Remove: { $device }, { $seen }
notices-browser-note = This browser can tell you as well. It asks you first whether it may.
notices-browser-script = That takes script, which is off in this browser.
notices-browser-turn-on = Tell me in this browser
notices-browser-working = One moment.
notices-browser-on = This browser tells you from now on.
notices-browser-denied = The browser may not. You can change that in its own settings for this site.
notices-browser-missing = This browser can’t. On iPhone and iPad it can once this page is on the home screen.
notices-browser-failed = That did not work, and nothing was changed. It is safe to try again.
notices-test = Does it work?
notices-test-note = A test goes to your devices at once. It is written like a notice.
notices-test-send = Send a test
told-notices = Kept. What waits to be sent goes by it.
told-test = A test is on its way.
told-no-test = None of your devices can be reached from here, so no test was sent.
told-device-removed = Removed. That device is told nothing any more.
calendar-heading = When a day is, and a week
calendar-zone = Time zone
calendar-zone-note = What was stays on the day it was lived on; a new zone counts for sessions from now on.
calendar-week-start = Weeks begin on
calendar-weeks-note = With another first day your weeks are added up and told anew, which takes a moment.
calendar-part = { $part ->
    [africa] Africa
    [america] America
    [antarctica] Antarctica
    [arctic] Arctic
    [asia] Asia
    [atlantic] Atlantic
    [australia] Australia
    [europe] Europe
    [indian] Indian Ocean
   *[pacific] Pacific
}
calendar-save = Save
settings-who-looked = Who looked
settings-who-looked-note = Every look at your data by a person, and everything that was done with it.
settings-who-looked-link = See who looked
settings-made-note = Where the numbers and the words come from, and what people said who judged them.
settings-export = Take everything along
settings-export-note = One archive with all that Spectrum holds about you.
settings-reset = Start afresh
settings-reset-note = Erase what was measured, or your sessions as well, and go on from here.
settings-erase = Erase everything
settings-erase-note = Everything Spectrum holds about you, for good.
settings-drop-text = Drop my words once they are read
settings-keep-text = Keep my words for { $days } days
settings-left-out = { $n ->
    [0] Nothing is left out.
    [one] One thing is left out.
   *[other] { $n } things are left out.
}
settings-paused = Paused: what you write now is not read. { $left_out }
settings-text-kept = Your words are kept sealed for { $days } days, so that a session can be read again if it was misread. What was measured stays when they go.
settings-text-dropped = Your words are dropped as soon as a session is read. What was measured stays; it can’t be measured again.

## What a form did

told-left-out = Left out. { $change }
told-taken-in = Taken in again. { $change }
told-paused = Paused. What you write from now on is not read until you resume.
told-resumed = Resumed. What you write from now on is read; what you wrote meanwhile stays out.
told-text-kept = Changed. Your words are kept for 30 days from now on.
told-text-dropped = { $n ->
    [0] Changed. Your words are dropped as soon as a session is read.
    [one] Changed. The words of one session that was read are gone.
   *[other] Changed. The words of { $n } sessions that were read are gone.
}
told-language = Changed. Your cards are being written in this language.
told-counted = Changed. How you use Spectrum is counted from now on.
told-not-counted = Changed. How you use Spectrum is not counted, and what was counted is gone.
told-model-allowed = Changed. A model may choose words from the next card on.
told-model-stopped = Changed. What a model had worded is written by templates again.
told-zone = Changed. Sessions from now on fall on the days of this zone.
told-weeks = Changed. Your weeks are being added up and told anew.
told-calendar-same = Nothing was changed: that is how it was.
told-bad-days = Nothing was changed: choose a first and a last day, the last not before the first.
told-unknown = Nothing was changed: that is no longer in the list.
told-failed = Nothing was changed: something on our side did not answer. It is safe to try again.
told-wide-none = No session is touched by that yet.
told-wide-no-week = { $n ->
    [one] One session
   *[other] { $n } sessions
}, and no week’s numbers changed.
told-wide-weeks = { $n ->
    [one] One session
   *[other] { $n } sessions
} in { $weeks ->
    [one] one week.
   *[other] { $weeks } weeks. The newest of them:
} { $effect }

## What is left out

exclusions-title = What is left out
exclusions-none = Nothing is left out. Every session that can be measured counts.
exclusions-now = Left out now
exclusions-kept = Nothing is deleted. What is taken in again brings the same numbers back.
exclusions-resume = Resume from now on
exclusions-include = Take in again
exclusions-include-name = Take in again: { $scope }
exclusions-pause = Pause
exclusions-pause-note = What you write from now on is not read, until you resume.
exclusions-pause-now = Pause from now on
exclusions-kind = Leave out a kind of session
exclusions-which = Which
exclusions-exclude = Leave out
exclusions-time = Leave out a time
exclusions-first = First day
exclusions-last = Last day
exclusions-why = Why, if you like
exclusions-no-reason = I’d rather not say
exclusions-reason = { $reason ->
    [private] Too private to be counted
    [not_about_me] Not about me
    [trial] I was only trying something out
   *[unusual] A time unlike others
}
exclusions-session = One session
exclusions-feature = All { $feature } sessions
exclusions-range = { $first } to { $last }
exclusions-pause-since = Everything since { $from }
exclusions-pause-range = The pause from { $from } to { $until }
exclusions-since = Left out on { $day }{ $reason ->
    [private] : too private to be counted.
    [not_about_me] : not about me.
    [trial] : I was only trying something out.
    [unusual] : a time unlike others.
   *[none] .
}

## Taking everything along

export-title = Take everything along
export-what = One archive with all that Spectrum holds about you: your sessions and their words as far as they are still kept, what was measured of them, what you left out, and the sums of your days, weeks and months. Its README says what each file is.
export-note = The archive holds your own words: keep it where only you can read it.
export-fetch = Fetch the archive
export-anew = Gather it anew
export-first = Gather everything
export-again = Gather it again
export-failed = Nothing was ordered: something on our side did not answer. Try again in a minute.
export-back = Back to your data
export-nothing = Nothing has been gathered yet. It takes a minute or two.
export-under-way = It is being gathered. You can leave this page and come back.
export-ready = Gathered on { $ready }: { $size } before packing. You can fetch it until { $until }, as often as you like.
export-gone = The archive gathered on { $ready } was let go on { $until }. Nothing else of yours changed.
export-moment = { $day } at { $clock }
export-size = { $unit ->
    [mb] { $size } MB
    [kb] { $size } KB
   *[bytes] { $size } bytes
}

## Starting afresh

reset-title = Start afresh
reset-what = What is to go
reset-twice = You will be asked once more, with what that means, before anything goes.
reset-erase = Erase
reset-derived = What was measured: feelings, days, weeks and months
reset-raw = That, and my sessions with every word still held
reset-before = Only of days before (empty: of all days)
reset-exclusions = What is left out
reset-keep = What I left out stays left out
reset-go-on = Go on
reset-sure = Are you sure?
reset-sure-derived = Everything that was measured goes: feelings, corrections, days, weeks and months. Your sessions stay in the list, without numbers, and are not measured again.
reset-sure-raw = Your sessions go, with every word of them that is still held, and everything that was measured.
reset-sure-all = This is about all days up to now.
reset-sure-before = This is about all days before { $day }.
reset-sure-kept = What you left out stays left out.
reset-sure-forgotten = What you left out is forgotten too: everything you write from now on counts.
reset-sure-receipt = This can’t be undone. You get a signed receipt of what went.
reset-now = Erase it and start afresh
reset-back = Go back, and keep everything
reset-done = You start afresh.
reset-done-receipt = A signed receipt says what was found, what was deleted, and that none of it is left.
receipt-save = Save the receipt

## Erasing everything

erase-title = Erase everything
erase-word = erase
erase-note = Leaving a session out of the analysis keeps it and can be undone. Erasing can’t.
erase-not-meant = The word was not typed, so nothing was changed.
erase-failed = Something on our side did not answer. It is safe to try again in a minute.
erase-all = This takes away everything Spectrum holds about you, for good. Nobody can bring it back.
erase-goes = What goes
erase-goes-sessions = Your sessions and every word in them that is still held
erase-goes-measured = What was measured: feelings, days, weeks and months
erase-goes-settings = What you left out, and your settings and consents
erase-goes-key = The key your words are sealed with, and every sign-in
erase-stays = What stays
erase-stays-number = A number that stands for you and names nobody, so that a restored backup can’t bring you back, and a record that something was erased
erase-stays-backups = Backups, until they run out. Your words in them can’t be read without the key
erase-stays-conversations = The conversations themselves, which belong to the app that you write in
erase-sure = To be sure
erase-type = To go on, type “{ erase-word }”
erase-now = Erase everything about me
erase-back = Go back, and keep everything
erase-looked = See who looked, and what was done
erased-done = Everything is erased.
erased-done-more = A signed receipt says what was found, what was deleted, and that nothing is left. It names nobody.
erased-under-way = You are shut out, and everything is being erased.
erased-under-way-more = It takes a moment. Then a signed receipt says what was found, what was deleted, and that nothing is left. It names nobody.
erased-number = The number of this erasure:
erased-keep = Keep the number or this page’s address: with it the receipt can be had at any time. Nobody can look it up for you, because nothing here says whose it is any more.

## Who looked

looked-title = Who looked
looked-note = Each line is written in the same step as what it speaks of, and is kept for six years.
looked-nobody = Nobody has looked, and nothing was changed. What happens from now on stands here.
looked-table = What was done
looked-when = When
looked-who = Who
looked-what = What
looked-lead = Every look at your data by a person of the team, and every change to what was made of it. Newest first.
looked-at = { $day }, { $clock }
looked-actor-member = You
looked-actor-host = The app you write in
looked-actor-staff = A person of the product team
looked-actor-operator = A person who runs Spectrum
looked-actor-machine = Spectrum, by itself
looked-verb-session-excluded = left a session out of the analysis
looked-verb-session-included = took a session in again
looked-verb-corrected = corrected what was measured of a session
looked-verb-reset = deleted everything that was derived
looked-verb-erasure-requested = asked for everything to be erased
looked-verb-erased = erased everything
looked-verb-exported = handed out a copy of your data
looked-verb-purged = let go what had been kept long enough
looked-verb-looked = looked at your data
looked-verb-jobs-retried = put work that had failed back in the queue
looked-verb-job-buried = took waiting work out of the queue
looked-verb-queue-paused = paused a queue
looked-verb-queue-resumed = let a queue go on
looked-verb-scope-excluded = left a feature or a time out of the analysis
looked-verb-scope-included = took a feature or a time in again
looked-verb-correction-taken-back = took a correction back
looked-verb-keeping-decided = decided how long words are kept
looked-verb-counting-decided = decided whether use is counted
looked-verb-model-decided = decided whether a model may choose words
looked-verb-push-decided = decided whether and when you are told of a week
looked-verb-channel = stopped or resumed the sending of notices
looked-verb-experiment = began or ended a trial
looked-verb-calendar-changed = changed the time zone or the first day of weeks
looked-verb-keys-rotated = wrapped your key under a new master key
