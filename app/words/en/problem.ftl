### Pages for when something is not as it should be, in English: what happened, what was kept, what to do next.

problem-not-found = There is no page here.
problem-not-found-why = The address may have been cut short on its way.
problem-nothing-missing = Nothing of yours is missing.
problem-signed-out = You are signed out.
problem-signed-out-why = A sign-in ends by itself after a while, so that others who hold this device can’t read along.
problem-signed-out-kept = Nothing was lost or changed.
problem-signed-out-back = The next time you open Spectrum, it opens on this page.
problem-signed-out-next = Open Spectrum from the app again to sign in.
problem-bad-week = There is no such week.
problem-bad-week-why = A week is named by its year and number, such as 2026-W47. Most years have 52 of them.
problem-held-out = Your weeks are not shown here yet.
problem-held-out-why = Spectrum is being tried out, and members are drawn by lot to see whether it helps. For now you are among those who do not see it. The lot knows nothing of what you wrote.
problem-held-out-kept = Nothing is missing: your sessions are kept as you chose, and you can see, correct, export or delete them.
problem-held-out-next = To your settings
problem-for-members = This page belongs to a member.
problem-for-members-why = You are signed in as product staff. Staff see counts, never a person’s sessions.
problem-nothing-shown = Nothing was shown or changed.
problem-for-members-next = Go to the staff page
problem-for-staff = This page is for the people who run Spectrum.
problem-for-staff-why = You are signed in as a member. Your own pages are where they were.
problem-staff-signed-out-why = Sign in with your account at work to go on.
problem-staff-signed-out-members = Members find their own pages in the app.
problem-staff-signed-out-next = Sign in
problem-other-role = This page belongs to another role.
problem-other-role-why = You are signed in, and your role does not include it.
problem-other-role-next = Ask an operator for the role you need.
problem-broken = This page could not be put together.
problem-broken-why = Something on our side did not answer.
problem-broken-kept = Nothing was lost or changed. It is safe to try again in a minute.
problem-bad-span = There is no such period.
problem-bad-span-why = A period is named as in 2026-W47, 2026-11, 2026-Q4, 2026 or 28-days.

offline-title = Offline
offline = There is no network right now.
offline-why = Your pages come from the server and are not shown without it.
offline-kept = Nothing was lost or changed.
