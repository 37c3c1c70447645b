### The way in and the way out, in English.

sign-in-title = Sign in
sign-in-opening = Opening Spectrum
sign-in-opening-how = If nothing happens, continue here. The link works once and for a minute.
sign-in-continue = Continue
sign-in-spent = This link is used up or has run out.
sign-in-spent-why = A link to Spectrum works once and for a minute, so that nobody else can follow it.
sign-in-spent-kept = Nothing was lost.
sign-in-spent-next = Open Spectrum from the app again and you get a new one.
sign-in-failed = We could not sign you in.
sign-in-failed-why = Something on our side did not answer.
sign-in-failed-kept = Nothing was lost or changed.
sign-in-failed-next = Open Spectrum from the app again in a minute.
signed-out-title = Signed out
signed-out = You are signed out.
signed-out-kept = This device no longer shows your pages. Everything is kept as it was.
signed-out-next = Open Spectrum from the app to come back.
