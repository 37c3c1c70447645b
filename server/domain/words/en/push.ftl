# What stands on a lock screen. Nothing of what a member wrote, of what was measured or of what was found: only that a week is
# ready. docs/push.md says why.
push-weekly-title = Your week is ready
push-weekly-body = See what was counted, whenever it suits you.
push-test-title = This is a test
push-test-body = A weekly notice would look like this one.
push-stop = No more of these
