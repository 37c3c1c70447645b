### Pages that stand before the application, in English: too many requests, too busy, sent from elsewhere, broken.

refusal-too-quick = A little too quick
refusal-too-quick-why = That was more than we can answer at once. Please try again { $wait }.
refusal-busy = Very busy right now
refusal-busy-why = We could not answer in time. Please try again { $wait }.
refusal-elsewhere = This came from somewhere else
refusal-elsewhere-why = To keep you safe we only take what is sent from our own pages. Nothing was changed.
refusal-signed-out = You are signed out
refusal-signed-out-why = Open Spectrum from the app again to sign in. Nothing was lost or changed.
refusal-nothing = There is nothing here
refusal-nothing-why = The address may have been cut short on its way. Nothing of yours is missing.
refusal-broken = Something went wrong here
refusal-broken-why = It is our mistake, not yours. Nothing you wrote is lost. Please try again { $wait }.
refusal-soon = in a moment
refusal-seconds = { $seconds ->
    [one] in a second
   *[other] in { $seconds } seconds
}
refusal-back = Back to Spectrum
refusal-read-only = Nothing can be changed right now
refusal-read-only-why = Spectrum is being looked after. Everything is kept and can be read; what you just sent was not kept. Try it again in a few minutes.
