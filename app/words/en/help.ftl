### The help panel, in English. TO BE REVIEWED by a clinician before a release, and again whenever a word of it changes.

help-title = Somebody to talk to
help-people = If things are very hard, or you do not feel safe, there are people who will listen at any hour.
help-everywhere = In every country: findahelpline.com lists who answers near you.
help-danger = If you or somebody else is in danger now, call your local emergency number.
