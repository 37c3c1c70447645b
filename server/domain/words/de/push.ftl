# Was auf einem Sperrbildschirm steht. Nichts von dem, was jemand geschrieben hat, was gemessen oder gefunden wurde: nur dass eine
# Woche bereit ist. docs/push.md sagt, warum.
push-weekly-title = Deine Woche ist bereit
push-weekly-body = Sieh dir an, was gezählt wurde, wann es dir passt.
push-test-title = Das ist ein Test
push-test-body = So sähe der Hinweis einmal in der Woche aus.
push-stop = Keine mehr davon
